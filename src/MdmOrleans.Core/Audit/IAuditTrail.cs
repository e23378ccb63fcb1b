using System.Collections.Immutable;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Audit;

/// <summary>Keeps who changed what: a hash chain for each tenant, and one for the installation (a null tenant).</summary>
/// <remarks>Safe for any number of writers in any number of processes: a number is given out once.</remarks>
public interface IAuditTrail
{
    /// <summary>Appends <paramref name="entry"/>; returns once it is committed.</summary>
    /// <exception cref="StorageUnavailableException">The database does not answer; the record may or may not be there.</exception>
    ValueTask<AuditRecord> AppendAsync(TenantId? tenant, AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>The records behind the number <paramref name="after"/> that pass the filter, ascending.</summary>
    /// <param name="limit">1 to 1,000.</param>
    ValueTask<ImmutableArray<AuditRecord>> ReadAsync(
        TenantId? tenant, AuditFilter filter, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Announced changes of all chains, from before <paramref name="before"/>, of which no record says what came of them; the oldest first.</summary>
    ValueTask<ImmutableArray<OpenIntent>> ListOpenAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}

/// <summary>What is null passes everything.</summary>
public sealed record AuditFilter
{
    public static AuditFilter All { get; } = new();

    public string? Actor { get; init; }

    public string? Action { get; init; }

    public string? Target { get; init; }

    /// <summary>At this instant or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this instant.</summary>
    public DateTimeOffset? Until { get; init; }
}

public sealed record OpenIntent(TenantId? Tenant, AuditRecord Record);
