using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Tenancy;

namespace MdmOrleans.Grains.Tests.Hosting;

/// <summary>The real one, unless the network is down.</summary>
internal sealed class InterruptedBroadcast(ITenantBroadcast inner, Func<bool> isDown) : ITenantBroadcast
{
    public Task AnnounceAsync(TenantId tenant) => isDown() ? Task.CompletedTask : inner.AnnounceAsync(tenant);
}
