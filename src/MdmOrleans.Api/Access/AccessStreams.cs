using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Microsoft.Extensions.Hosting;

namespace MdmOrleans.Api.Access;

/// <summary>Opens streams of access changes.</summary>
internal sealed class AccessStreams(AccessFeeds feeds, ITenantViews tenants, KeyWatch keys, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <param name="key">Whoever follows, until the key is removed.</param>
    /// <param name="after">Null: from now on.</param>
    /// <returns>To be disposed.</returns>
    public async Task<Outcome<AccessStream>> OpenAsync(TenantId tenant, AccessKey key, EventCursor? after, CancellationToken cancellationToken)
    {
        if (feeds.TryFollow(tenant) is not { } follower)
        {
            return ApiProblems.TooManyFollowers;
        }

        try
        {
            var place = after ?? await follower.Feed.FindEndAsync(cancellationToken);
            if (after is not null && (await follower.Feed.AskAsync(place, cancellationToken)).Problem is { } problem)
            {
                follower.Dispose();
                return problem;
            }

            return new AccessStream(follower, new AccessStreamContext(tenant, keys.Follow(key), tenants, time, lifetime.ApplicationStopping), place);
        }
        catch
        {
            follower.Dispose();
            throw;
        }
    }
}

/// <summary>What a stream has around it.</summary>
internal sealed record AccessStreamContext(
    TenantId Tenant, KeyLease Lease, ITenantViews Tenants, TimeProvider Time, CancellationToken Stopping);
