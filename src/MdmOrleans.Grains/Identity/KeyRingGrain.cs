using System.Collections.Immutable;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Identity;

[GenerateSerializer, Alias("mdm.KeyRingState")]
internal sealed class KeyRingState
{
    /// <summary>By name, ascending.</summary>
    [Id(0)]
    public ImmutableArray<AccessKey> Keys { get; set; } = [];
}

[GrainType("mdm.keys")]
internal sealed class KeyRingGrain(
    [PersistentState("keys", GrainStorageNames.Default)] IPersistentState<KeyRingState> state, TimeProvider time)
    : Grain, IKeyRing
{
    private const string AdminName = "admin";

    public Task<AccessKey?> FindAsync(SecretHash secret, CancellationToken cancellationToken)
    {
        AccessKey? found = null;
        foreach (var key in state.State.Keys)
        {
            found = key.Hash.Matches(secret) ? key : found; // no early end: the time says nothing about the place
        }

        return Task.FromResult(found);
    }

    public Task<ImmutableArray<AccessKey>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Keys);

    public async Task<Problem?> AddAsync(AccessKey key, CancellationToken cancellationToken)
    {
        if (state.State.Keys.Any(k => k.Name == key.Name))
        {
            return ProblemCatalog.KeyExists;
        }

        await WriteAsync(state.State.Keys.Append(key));
        return null;
    }

    public Task SetAdminAsync(SecretHash secret, CancellationToken cancellationToken)
    {
        var admin = state.State.Keys.FirstOrDefault(k => k.Name == AdminName);
        return admin?.Hash.Matches(secret) == true
            ? Task.CompletedTask
            : WriteAsync(state.State.Keys
                .Where(k => k.Name != AdminName)
                .Append(new AccessKey(AdminName, KeyRole.Admin, null, secret, time.GetInstant())));
    }

    public async Task<Problem?> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        if (state.State.Keys.FirstOrDefault(k => k.Name == name) is not { } key)
        {
            return ProblemCatalog.KeyNotFound;
        }

        var left = state.State.Keys.Where(k => k != key).ToArray();
        if (AdministersAll(key) && !left.Any(AdministersAll))
        {
            return ProblemCatalog.LastAdministrator;
        }

        await WriteAsync(left);
        return null;
    }

    private static bool AdministersAll(AccessKey key) => key is { Role: KeyRole.Admin, Tenants: null };

    private async Task WriteAsync(IEnumerable<AccessKey> keys)
    {
        state.State.Keys = [.. keys.OrderBy(k => k.Name, StringComparer.Ordinal)];
        try
        {
            await state.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
