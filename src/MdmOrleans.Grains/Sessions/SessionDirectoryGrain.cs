using System.Collections.Immutable;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core.Identity;
using Orleans.Concurrency;

namespace MdmOrleans.Grains.Sessions;

/// <summary>Holds nothing: it asks the gateways.</summary>
[StatelessWorker]
[GrainType("mdm.sessions")]
internal sealed class SessionDirectoryGrain(IGatewayClient gateways) : Grain, ISessionDirectory
{
    public async Task<ImmutableArray<bool>> AreConnectedAsync(ImmutableArray<SessionPlace?> places, CancellationToken cancellationToken)
    {
        var answer = new bool[places.Length];
        var byGateway = places
            .Select((place, index) => (place, index))
            .Where(p => p.place is not null)
            .GroupBy(p => p.place!.Gateway, StringComparer.Ordinal);
        await Task.WhenAll(byGateway.Select(async group =>
        {
            var members = group.ToArray();
            var gateway = SiloAddress.FromParsableString(group.Key);
            var alive = await gateways.AreAliveAsync(gateway, [.. members.Select(m => m.place!.Key)]);
            for (var i = 0; i < members.Length; i++)
            {
                answer[members[i].index] = alive[i];
            }
        }));
        return ImmutableArray.Create(answer);
    }

    public Task<long> CountAsync(TenantId tenant, CancellationToken cancellationToken) => gateways.CountAsync(tenant);
}
