using System.Collections.Immutable;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using Orleans.Concurrency;

namespace MdmOrleans.Abstractions;

/// <summary>The twin of one device. Key: <c>DeviceId.ToString()</c>.</summary>
[GrainInterfaceType("mdm.device.twin")]
public interface IDeviceTwin : IGrainWithStringKey
{
    /// <summary>The last committed twin; null when there is none. Interleaves: it reads one immutable reference and never waits for a write.</summary>
    [Alias("Read"), AlwaysInterleave, ForClients(KeyRole.Reader)]
    Task<Device?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Makes it; a conflict when it exists, unprocessable when the policy does not.</summary>
    [Alias("Create"), ForClients(KeyRole.Operator)]
    Task<Outcome<Device>> CreateAsync(CreateDevice request, CancellationToken cancellationToken);

    /// <summary>A new enrollment epoch with this credential: the old one is revoked, its session closed, pending commands canceled.</summary>
    [Alias("IssueToken"), ForClients(KeyRole.Operator)]
    Task<Outcome<Device>> IssueTokenAsync(SecretHash token, [Actor] string actor, CancellationToken cancellationToken);

    [Alias("Patch"), ForClients(KeyRole.Operator)]
    Task<Outcome<Device>> PatchAsync(PatchDevice request, CancellationToken cancellationToken);

    /// <summary>Moves it through its life: lost, found, isolated, released, retired. What it is already is no error and no event.</summary>
    [Alias("Transition"), ForClients(KeyRole.Operator)]
    Task<Outcome<TransitionReceipt>> TransitionAsync(TransitionRequest request, CancellationToken cancellationToken);

    /// <summary>Removes it with its history; a conflict unless it is retired.</summary>
    /// <param name="expectedVersion">The only version to remove; null: any.</param>
    [Alias("Delete"), ForClients(KeyRole.Operator)]
    Task<Problem?> DeleteAsync(long? expectedVersion, [Actor] string actor, CancellationToken cancellationToken);

    /// <summary>Acts on whatever is overdue, as of its own instant. Changes nothing when nothing is.</summary>
    [Alias("Evaluate"), ForClients(KeyRole.Reader)]
    Task<Outcome<Device>> EvaluateAsync(CancellationToken cancellationToken);
}

[GenerateSerializer, Immutable, Alias("mdm.CreateDevice")]
public sealed record CreateDevice : IActed
{
    [Id(0)]
    public required SecretHash Token { get; init; }

    [Id(1)]
    public required string Actor { get; init; }

    [Id(2)]
    public Platform? Platform { get; init; }

    [Id(3)]
    public string? Serial { get; init; }

    [Id(4)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Name of a policy of the tenant; null: the tenant's default.</summary>
    [Id(5)]
    public string? Policy { get; init; }

    object IActed.ActedBy(string actor) => this with { Actor = actor };
}

/// <summary>A merge patch (RFC 7396): what is not mentioned stays.</summary>
[GenerateSerializer, Immutable, Alias("mdm.PatchDevice")]
public sealed record PatchDevice : IActed
{
    [Id(0)]
    public required string Actor { get; init; }

    /// <summary>Refused as stale when the twin's version is another; null: any.</summary>
    [Id(1)]
    public long? ExpectedVersion { get; init; }

    /// <summary>Null: not mentioned. A null value removes the label.</summary>
    [Id(2)]
    public ImmutableSortedDictionary<string, string?>? Labels { get; init; }

    /// <summary>True removes all labels first, as a patch with <c>"labels": null</c> asks.</summary>
    [Id(3)]
    public bool ClearLabels { get; init; }

    [Id(4)]
    public bool ChangesPolicy { get; init; }

    /// <summary>Null, where <see cref="ChangesPolicy"/>: back to the tenant's default.</summary>
    [Id(5)]
    public string? Policy { get; init; }

    [Id(6)]
    public bool ChangesOwner { get; init; }

    /// <summary>Null, where <see cref="ChangesOwner"/>: nobody.</summary>
    [Id(7)]
    public string? Owner { get; init; }

    object IActed.ActedBy(string actor) => this with { Actor = actor };
}
