using System.Collections.Immutable;
using MdmOrleans.Abstractions.Audit;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Audit;
using MdmOrleans.Grains.Commands;
using MdmOrleans.Grains.Hosting;
using MdmOrleans.Grains.States;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Grains.Identity;

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("mdm.KeyRingState")]
internal sealed record KeyRingState
{
    /// <summary>By <see cref="AccessKey.Id"/>, ascending.</summary>
    [Id(0)]
    public ImmutableArray<AccessKey> Keys { get; init; } = [];

    /// <summary>Their names are never used again, and what they asked for is still theirs.</summary>
    [Id(1)]
    public ImmutableArray<KeyOrigin> Removed { get; init; } = [];
}

[GrainType("mdm.keys")]
internal sealed partial class KeyRingGrain(
    [Stored("keys")] StoredState<KeyRingState> state,
    IOptions<GovernorOptions> governor,
    IOptions<LimitsOptions> limits,
    ChangeTrail trail,
    TimeProvider time,
    ILogger<KeyRingGrain> logger)
    : Grain, IKeyRing
{
    public Task<AccessKey?> FindAsync(SecretHash secret, CancellationToken cancellationToken)
    {
        AccessKey? found = null;
        foreach (var key in state.Value.Keys)
        {
            found = key.Hash.Matches(secret) ? key : found; // no early end: the time says nothing about the place
        }

        return Task.FromResult(found);
    }

    public Task<ImmutableArray<AccessKey>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(state.Value.Keys);

    public async Task<Problem?> AddAsync(AccessKey key, CancellationToken cancellationToken)
    {
        var keys = state.Value.Keys;
        if (key.Name == AccessKey.AdminName || Origins().Any(known => known.Name == key.Name && known.Overlaps(key.Tenants)))
        {
            return ProblemCatalog.KeyExists;
        }

        // The maker was proved a moment ago, and may have been removed since.
        if (key.MadeBy is { } maker && !keys.Any(known => known.Name == maker && known.MayMake(key.Role, key.Tenants)))
        {
            return ProblemCatalog.KeyRemoved;
        }

        if (keys.Length >= limits.Value.Keys)
        {
            return ProblemCatalog.QuotaExceeded("keys", limits.Value.Keys);
        }

        var actor = key.MadeBy is { } madeBy ? Actors.Key(madeBy) : RequestOrigin.Actor;
        await trail.RecordAsync(KeyChanges.Of(AuditActions.KeyCreate, actor, null, key), () => WriteAsync(keys.Append(key), state.Value.Removed));
        LogMade(key.Name, key.MadeBy);
        return null;
    }

    public async Task<bool> TryMakeAdminAsync(SecretHash secret, CancellationToken cancellationToken)
    {
        if (FindAdmin() is not null)
        {
            return false;
        }

        await PutAdminAsync(secret);
        return true;
    }

    public async Task SetAdminAsync(SecretHash secret, CancellationToken cancellationToken)
    {
        var before = FindAdmin();
        if (before?.Hash.Matches(secret) == true)
        {
            return;
        }

        await PutAdminAsync(secret);
        if (before is not null)
        {
            LogReplaced();
        }
    }

    public async Task<Problem?> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (id == AccessKey.AdminName)
        {
            return ProblemCatalog.AdministratorStays;
        }

        if (state.Value.Keys.FirstOrDefault(k => k.Id == id) is not { } key)
        {
            return ProblemCatalog.KeyNotFound;
        }

        var left = state.Value.Keys.Where(k => k != key).ToArray();
        if (AdministersAll(key) && !left.Any(AdministersAll))
        {
            return ProblemCatalog.LastAdministrator;
        }

        await trail.RecordAsync(
            KeyChanges.Of(AuditActions.KeyDelete, RequestOrigin.Actor, key, null), () => WriteAsync(left, state.Value.Removed.Add(key.Origin)));
        return null;
    }

    public Task<Problem?> MayDecideAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        var key = state.Value.Keys.FirstOrDefault(k => k.Name == request.Key && k.Sees(request.Tenant));
        return Task.FromResult(key switch
        {
            null => ProblemCatalog.KeyRemoved,
            _ when key.Role < request.Needs => ProblemCatalog.RoleTooLow,
            _ when request.AskedBy is not { } askedBy => null,
            _ => SecondPersonRules.Judge(
                Origins().Where(known => known.Sees(request.Tenant)).ToDictionary(known => known.Name),
                key.Name,
                request.AskedBy,
                TimeSpan.FromHours(governor.Value.KeyAgeHours),
                time.GetInstant()),
        });
    }

    private static bool AdministersAll(AccessKey key) => key is { Role: KeyRole.Admin, Tenants: null };

    private IEnumerable<KeyOrigin> Origins() => state.Value.Keys.Select(key => key.Origin).Concat(state.Value.Removed);

    private AccessKey? FindAdmin() => state.Value.Keys.FirstOrDefault(key => key.Name == AccessKey.AdminName);

    private Task PutAdminAsync(SecretHash secret)
    {
        var before = FindAdmin();
        var after = new AccessKey(AccessKey.AdminName, KeyRole.Admin, null, secret, time.GetInstant());
        var action = before is null ? AuditActions.KeyCreate : AuditActions.KeyReplace;
        return trail.RecordAsync(
            KeyChanges.Of(action, RequestOrigin.Actor, before, after),
            () => WriteAsync(state.Value.Keys.Where(key => key.Name != AccessKey.AdminName).Append(after), state.Value.Removed));
    }

    private Task WriteAsync(IEnumerable<AccessKey> keys, ImmutableArray<KeyOrigin> removed) =>
        state.WriteAsync(new KeyRingState { Keys = [.. keys.OrderBy(key => key.Id, StringComparer.Ordinal)], Removed = removed });

    [LoggerMessage(1601, LogLevel.Warning, "The key '{Name}' was made by the key '{MadeBy}'")]
    private partial void LogMade(string name, string? madeBy);

    [LoggerMessage(1602, LogLevel.Warning, "The administrator key was replaced")]
    private partial void LogReplaced();
}
