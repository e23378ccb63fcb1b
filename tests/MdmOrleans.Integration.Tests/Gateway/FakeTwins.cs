using System.Collections.Concurrent;
using System.Collections.Immutable;
using MdmOrleans.Abstractions.CheckIns;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Sessions;

namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>The twins' end of the gateway's calls, played by the test: for mechanics that a real twin could only be talked into with luck.</summary>
internal sealed class FakeTwins : IGrainFactory
{
    private readonly ConcurrentDictionary<string, FakeTwin> _twins = new();

    public FakeTwin this[string clientId] => _twins.GetOrAdd(GatewayHost.Device(clientId).ToString(), _ => new FakeTwin());

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(object)_twins.GetOrAdd(primaryKey, _ => new FakeTwin());

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => throw new NotSupportedException();

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw new NotSupportedException();

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IAddressable GetGrain(Type grainInterfaceType, IdSpan grainKey) => throw new NotSupportedException();

    public IAddressable GetGrain(Type grainInterfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId) => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw new NotSupportedException();
}

/// <summary>Accepts everybody whose token is <see cref="Token"/>, and answers as it is told to.</summary>
internal sealed class FakeTwin : IDeviceSessions, IDeviceCheckIns, IDeviceCommands
{
    public const string Token = "the-token";

    private static readonly SecretHash Hash = SecretHash.Of(Token);

    public Func<ConnectRequest, Task<ConnectReply>> OnConnect { get; set; } = request => Task.FromResult(
        new ConnectReply(request.Token.Matches(Hash) ? ConnectResult.Accepted : ConnectResult.BadCredential, 1, []));

    public Func<CheckIn, Task<Outcome<Verdict>>> OnCheckIn { get; set; } = _ => Task.FromResult<Outcome<Verdict>>(AVerdict());

    public Func<CommandReport, Task<Problem?>> OnReport { get; set; } = _ => Task.FromResult<Problem?>(null);

    public Func<Task<Problem?>> OnLoss { get; set; } = () => Task.FromResult<Problem?>(null);

    public Func<Task<Problem?>> OnEvent { get; set; } = () => Task.FromResult<Problem?>(null);

    /// <summary>What is pending, for whoever asks.</summary>
    public CommandQueue Queue { get; set; } = CommandQueue.Empty;

    public Signal<SessionEpoch> Connected { get; } = new();

    public Signal<SessionEpoch> Disconnected { get; } = new();

    public Signal<(SessionEpoch Session, ConnectionLoss Loss)> Losses { get; } = new();

    public Signal<CheckIn> CheckIns { get; } = new();

    public Signal<CommandReport> Reports { get; } = new();

    public Signal<ImmutableArray<Guid>> Sent { get; } = new();

    public Signal<(string Type, string Payload)> Events { get; } = new();

    public static Verdict AVerdict(params ImmutableArray<DeviceCommand> commands) => new()
    {
        Lifecycle = LifecycleState.Active,
        Compliance = ComplianceStatus.Compliant,
        Access = AccessLevel.Allow,
        Findings = [],
        Commands = commands,
        NextCheckInSeconds = 900,
        ServerTime = new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero),
    };

    public static DeviceCommand ACommand(int parameterBytes = 2) => new()
    {
        Id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()),
        Kind = CommandKind.Lock,
        Status = CommandStatus.Queued,
        Parameters = Utf8Block.FromText(parameterBytes <= 8 ? "{}" : $$"""{"a":"{{new string('x', parameterBytes - 8)}}"}"""),
        RequestedBy = "key:admin",
        CreatedAt = TimeProvider.System.GetUtcNow(),
        UpdatedAt = TimeProvider.System.GetUtcNow(),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1),
        Epoch = 1,
    };

    public async Task<ConnectReply> ConnectAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        var reply = await OnConnect(request);
        if (reply.Result == ConnectResult.Accepted)
        {
            Connected.Add(request.Session);
        }

        return reply;
    }

    public Task<Problem?> LoseAsync(SessionEpoch session, ConnectionLoss loss, CancellationToken cancellationToken)
    {
        Losses.Add((session, loss));
        return OnLoss();
    }

    public Task DisconnectAsync(SessionEpoch session, CancellationToken cancellationToken)
    {
        Disconnected.Add(session);
        return Task.CompletedTask;
    }

    public Task<Outcome<Verdict>> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken)
    {
        CheckIns.Add(checkIn);
        return OnCheckIn(checkIn);
    }

    public Task<Problem?> TellAsync(string type, Utf8Block payload, SessionEpoch session, int epoch, CancellationToken cancellationToken)
    {
        Events.Add((type, payload.ToString()));
        return OnEvent();
    }

    public Task<Problem?> MarkSentAsync(ImmutableArray<Guid> ids, SessionEpoch session, CancellationToken cancellationToken)
    {
        Sent.Add(ids);
        return Task.FromResult<Problem?>(null);
    }

    public Task<Problem?> ReportAsync(CommandReport report, CancellationToken cancellationToken)
    {
        Reports.Add(report);
        return OnReport(report);
    }

    public Task<Outcome<CommandReceipt>> EnqueueAsync(CommandRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Outcome<DeviceCommand>> CancelAsync(Guid id, string actor, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Outcome<DeviceCommand>> DecideHoldAsync(Guid id, bool isApproved, string key, string? note, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Outcome<CommandQueue>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<Outcome<CommandQueue>>(Queue);
}
