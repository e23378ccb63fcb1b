using System.Collections.Immutable;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Api.Health;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Identity;

/// <summary>Sees to it that there is an administrator key. Starts behind the silo, and the process is not ready before it is done.</summary>
internal sealed partial class AdministratorKey(
    AdministratorOptions options, IGrainFactory grains, TimeProvider time, ILogger<AdministratorKey> logger) : IHostedService, IReadinessCheck, IDisposable
{
    private const int ComfortableLength = 32;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private Task _retrying = Task.CompletedTask;
    private volatile bool _isDone;

    string IReadinessCheck.Name => "administrator key";

    private string Path => System.IO.Path.GetFullPath(System.IO.Path.Combine(options.Directory, "admin-key"));

    public ValueTask<bool> IsReadyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_isDone);

    /// <summary>Done before the first request comes, unless storage is away: then it is tried until it is back.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await TryEnsureAsync(cancellationToken))
        {
            _retrying = RetryAsync(_stopping.Token);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _retrying.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RetryAsync(CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
            while (!await TryEnsureAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogGivenUp();
        }
    }

    private async Task<bool> TryEnsureAsync(CancellationToken cancellationToken)
    {
        try
        {
            var ring = grains.GetGrain<IKeyRing>(0);
            await (options.Key is { } key ? SetAsync(ring, key, cancellationToken) : MakeAsync(ring, cancellationToken));
            return _isDone = true;
        }
        catch (Exception e) when (UnexpectedFailures.IsOutage(e))
        {
            LogWaiting(e);
            return false;
        }
    }

    private async Task SetAsync(IKeyRing ring, string key, CancellationToken cancellationToken)
    {
        if (key.Length < ComfortableLength)
        {
            LogShort(ComfortableLength);
        }

        await ring.SetAdminAsync(SecretHash.Of(key), cancellationToken);
        File.Delete(Path); // one from before does not count any more
        LogSet();
    }

    private async Task MakeAsync(IKeyRing ring, CancellationToken cancellationToken)
    {
        if (HasAdministrator(await ring.ListAsync(cancellationToken)))
        {
            LogThere();
            return;
        }

        // The file comes first: a key that is stored and written nowhere would lock everybody out. One that is there already stays: it may be
        // the only copy of the key to another database, where this one was reached by a forgotten setting.
        var written = ReadWritten();
        var secret = written ?? Secrets.NewKey();
        if (written is null)
        {
            Write(secret);
        }

        if (!await ring.TryMakeAdminAsync(SecretHash.Of(secret), cancellationToken))
        {
            if (written is null)
            {
                File.Delete(Path); // another process of the cluster was first, and has it in its own directory
            }

            LogThere();
            return;
        }

        if (written is null)
        {
            LogMade(Path);
        }
        else
        {
            LogFound(Path);
        }
    }

    private static bool HasAdministrator(ImmutableArray<AccessKey> keys) =>
        keys.Any(key => key.Name == AccessKey.AdminName || key is { Role: KeyRole.Admin, Tenants: null });

    private string? ReadWritten() =>
        File.Exists(Path) && File.ReadAllText(Path).Trim() is { Length: >= ComfortableLength } secret ? secret : null;

    private void Write(string secret)
    {
        Directory.CreateDirectory(options.Directory);
        File.Delete(Path); // so that the mode below is that of a new file
        var file = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(Path, file);
        writer.WriteLine(secret);
    }
}
