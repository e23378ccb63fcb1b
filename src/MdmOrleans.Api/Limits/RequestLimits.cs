using System.Threading.RateLimiting;
using MdmOrleans.Core.Access;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Api.Limits;

/// <summary>Who has taken how much. What was idle for a while is forgotten, so that names and addresses do not fill the memory.</summary>
internal sealed class RequestLimits(IOptions<RequestLimitsOptions> options) : IDisposable
{
    private const int RefillsPerSecond = 10;

    /// <summary>By the id of the key.</summary>
    public PartitionedRateLimiter<string> Keys { get; } = Buckets<string>(options.Value.RequestsPerSecond, options.Value.RequestBurst);

    /// <summary>By the name of the tenant; empty for what is about all of them.</summary>
    public PartitionedRateLimiter<string> Tenants { get; } = AtOnce(options.Value.ConcurrentRequests);

    /// <summary>By the name of the tenant.</summary>
    public PartitionedRateLimiter<string> Streams { get; } = AtOnce(options.Value.Streams);

    /// <summary>Requests to routes that are open, by address.</summary>
    public PartitionedRateLimiter<AddressOrigin> Anonymous { get; } = Buckets<AddressOrigin>(options.Value.AnonymousPerSecond, options.Value.AnonymousBurst);

    /// <summary>Keys that were not proved, by address.</summary>
    public PartitionedRateLimiter<AddressOrigin> Failures { get; } = Buckets<AddressOrigin>(options.Value.AnonymousPerSecond, options.Value.AnonymousBurst);

    public void Dispose()
    {
        Keys.Dispose();
        Tenants.Dispose();
        Streams.Dispose();
        Anonymous.Dispose();
        Failures.Dispose();
    }

    private static PartitionedRateLimiter<T> Buckets<T>(int perSecond, int burst)
        where T : notnull
    {
        var refills = perSecond % RefillsPerSecond == 0 ? RefillsPerSecond : 1;
        return PartitionedRateLimiter.Create<T, T>(caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond / refills,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1) / refills,
        }));
    }

    private static PartitionedRateLimiter<string> AtOnce(int permits) => PartitionedRateLimiter.Create<string, string>(
        tenant => RateLimitPartition.GetConcurrencyLimiter(tenant, _ => new ConcurrencyLimiterOptions { PermitLimit = permits }));
}
