using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Channels;
using MdmOrleans.Agent.Sdk;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace MdmOrleans.Integration.Tests.Agents;

/// <summary>A device under test: the SDK with a posture and a handler that the test controls.</summary>
internal sealed class ADevice : IPostureSource, ICommandHandler, IDeviceObserver, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly DeviceClient _client;

    public ADevice(
        Uri endpoint, TimeProvider? time = null, string? journal = null, bool mqtt311 = false, bool subscribe = false, X509Certificate2Collection? roots = null,
        string token = "s3cret")
    {
        _client = new DeviceClient(
            new DeviceClientOptions
            {
                Endpoint = endpoint,
                Tenant = "acme",
                Device = "tablet-7",
                Token = token,
                UseMqtt311 = mqtt311,
                SubscribeOnConnect = subscribe,
                TrustedRoots = roots,
                FirstBackOff = TimeSpan.FromMilliseconds(1),
                LongestBackOff = TimeSpan.FromMilliseconds(10),
                JournalPath = journal,
                Observer = this,
            },
            this, this, time ?? TimeProvider.System, NullLogger.Instance);
        Ended = _client.RunAsync(_stop.Token);
    }

    public Task<DeviceClientEnd> Ended { get; }

    public CheckInMessage Posture { get; set; } = new()
    {
        Platform = PlatformNames.Linux,
        OsVersion = "12",
        EncryptionStatus = EncryptionStatusNames.Unknown,
        Apps = [new InstalledApp("bash", "5.2")],
        Attributes = JsonElement.Parse("""{ "kernel": "6.1" }"""),
    };

    /// <summary>What the handler does with a command. Default: it succeeds.</summary>
    public Func<DeliveredCommand, CancellationToken, Task<CommandOutcome>> Handler { get; set; } =
        (_, _) => Task.FromResult(CommandOutcome.Succeeded());

    public ConcurrentQueue<string> Ran { get; } = [];

    public Channel<string> Refusals { get; } = Channel.CreateUnbounded<string>();

    public Channel<CheckInAnswer> Answers { get; } = Channel.CreateUnbounded<CheckInAnswer>();

    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Ended;
        _client.Dispose();
        _stop.Dispose();
    }

    ValueTask<CheckInMessage> IPostureSource.ReadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Posture);

    Task<CommandOutcome> ICommandHandler.RunAsync(DeliveredCommand command, CancellationToken cancellationToken)
    {
        Ran.Enqueue(command.Id);
        return Handler(command, cancellationToken);
    }

    void IDeviceObserver.Answered(CheckInAnswer answer, TimeSpan took) => Answers.Writer.TryWrite(answer);

    void IDeviceObserver.Refused(string code) => Refusals.Writer.TryWrite(code);
}
