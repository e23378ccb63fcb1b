using System.Collections.Concurrent;
using System.Collections.Immutable;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Compliance;

/// <summary>Versions of policies that are not in force any more, for devices that have something to catch up on under them.</summary>
public sealed class PolicyHistory(IGrainFactory grains)
{
    // After a change a whole fleet asks for the same few; what nobody asks for any more is dropped with the rest.
    private const int Capacity = 256;
    private readonly ConcurrentDictionary<(PolicyId Id, int Version), Policy> _versions = new();

    /// <summary>Adds to <paramref name="assignment"/> what was in force since <paramref name="device"/> was judged last.</summary>
    public async ValueTask<PolicyAssignment> AddAsync(PolicyAssignment assignment, Device device)
    {
        if (device.Compliance.Policy is not { } judgedBy || !PolicyId.TryCreate(device.Id.Tenant, judgedBy.Id, out var id))
        {
            return assignment;
        }

        // Of another policy only the version that judged is known to have been in force.
        var last = assignment.Policy is { } policy && policy.Version.Id == judgedBy.Id ? policy.Version.Version - 1 : judgedBy.Version;
        var superseded = ImmutableArray.CreateBuilder<PolicyAssignment>();
        for (var version = judgedBy.Version; version <= last; version++)
        {
            if (await FindAsync(id, version) is { } past)
            {
                superseded.Add(new PolicyAssignment(past, past.StoredAt, assignment.NoncompliantWithoutPolicy));
            }
        }

        return assignment with { Superseded = superseded.ToImmutable() };
    }

    private async ValueTask<Policy?> FindAsync(PolicyId id, int version)
    {
        if (_versions.TryGetValue((id, version), out var known))
        {
            return known;
        }

        if (await grains.GetGrain<IPolicyGrain>(id.ToString()).ReadAsync(version, CancellationToken.None) is not { } stored)
        {
            return null;
        }

        if (_versions.Count >= Capacity)
        {
            _versions.Clear();
        }

        var policy = PolicyReader.ReadStored(stored.Json, new PolicyVersion(stored.Name, stored.Version), stored.StoredAt);
        return _versions.GetOrAdd((id, version), policy);
    }
}
