using System.Collections.Immutable;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.States;

namespace MdmOrleans.Grains.Identity;

[GenerateSerializer, Alias("mdm.KeyRingState")]
internal sealed record KeyRingState
{
    /// <summary>By name, ascending.</summary>
    [Id(0)]
    public ImmutableArray<AccessKey> Keys { get; init; } = [];
}

[GrainType("mdm.keys")]
internal sealed class KeyRingGrain(
    [Stored("keys")] StoredState<KeyRingState> state, TimeProvider time)
    : Grain, IKeyRing
{
    private const string AdminName = "admin";

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
        if (state.Value.Keys.Any(k => k.Name == key.Name))
        {
            return ProblemCatalog.KeyExists;
        }

        await WriteAsync(state.Value.Keys.Append(key));
        return null;
    }

    public Task SetAdminAsync(SecretHash secret, CancellationToken cancellationToken)
    {
        var admin = state.Value.Keys.FirstOrDefault(k => k.Name == AdminName);
        return admin?.Hash.Matches(secret) == true
            ? Task.CompletedTask
            : WriteAsync(state.Value.Keys
                .Where(k => k.Name != AdminName)
                .Append(new AccessKey(AdminName, KeyRole.Admin, null, secret, time.GetInstant())));
    }

    public async Task<Problem?> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        if (state.Value.Keys.FirstOrDefault(k => k.Name == name) is not { } key)
        {
            return ProblemCatalog.KeyNotFound;
        }

        var left = state.Value.Keys.Where(k => k != key).ToArray();
        if (AdministersAll(key) && !left.Any(AdministersAll))
        {
            return ProblemCatalog.LastAdministrator;
        }

        await WriteAsync(left);
        return null;
    }

    private static bool AdministersAll(AccessKey key) => key is { Role: KeyRole.Admin, Tenants: null };

    private Task WriteAsync(IEnumerable<AccessKey> keys) =>
        state.WriteAsync(new KeyRingState { Keys = [.. keys.OrderBy(k => k.Name, StringComparer.Ordinal)] });
}
