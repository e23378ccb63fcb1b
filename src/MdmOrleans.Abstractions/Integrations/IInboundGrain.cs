using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Integrations;

namespace MdmOrleans.Abstractions.Integrations;

/// <summary>The webhooks that one system sends to one tenant, one at a time. Key: <c>{tenant}/{hr|itsm|disposal}</c>.</summary>
[GrainInterfaceType("mdm.inbound")]
public interface IInboundGrain : IGrainWithStringKey
{
    /// <summary>Null before it was set up.</summary>
    [Alias("Read"), ForClients(KeyRole.Admin)]
    Task<InboundSettings?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Sets it up, or changes it.</summary>
    /// <param name="secret">A new one; null: as before. It must be there the first time.</param>
    /// <param name="actor">Whoever sets it, and so knows a new secret: what comes signed with it counts as asked by them.</param>
    [Alias("Configure")]
    Task ConfigureAsync(InboundSettings settings, string? secret, string actor, CancellationToken cancellationToken);

    /// <summary>Proves a webhook and does what it asks. The same delivery again changes nothing and gets the same answer.</summary>
    [Alias("Deliver")]
    Task<Outcome<InboundReceipt>> DeliverAsync(InboundDelivery delivery, CancellationToken cancellationToken);
}

/// <param name="IsDryRun">True: a webhook is proved, read and answered, and nothing is changed.</param>
[GenerateSerializer, Immutable, Alias("mdm.InboundSettings")]
public sealed record InboundSettings([property: Id(0)] InboundMapping Mapping, [property: Id(1)] bool IsDryRun)
{
    /// <summary>When its secret was made; the grain sets it. Null: before this was kept.</summary>
    [Id(2)]
    public DateTimeOffset? SecretMadeAt { get; init; }
}

/// <param name="Id">The sender's name for it: once and for all.</param>
/// <param name="Body">As it came; the grain looks into it only when the signature is proved.</param>
[GenerateSerializer, Immutable, Alias("mdm.InboundDelivery")]
public sealed record InboundDelivery([property: Id(0)] string Id, [property: Id(1)] string? Signature, [property: Id(2)] Utf8Block Body);

[GenerateSerializer, Alias("mdm.InboundResult")]
public enum InboundResult
{
    Applied,

    /// <summary>It was so already.</summary>
    Unchanged,

    /// <summary>It waits for a person.</summary>
    Held,

    /// <summary>It speaks of something that is nothing to us.</summary>
    Ignored,

    /// <summary>What it would have done was not done.</summary>
    DryRun,
}

/// <param name="Device">The name of the device that it is about; null where it is ignored.</param>
/// <param name="Action">Provision, lost, stolen, found or disposed, as the interface spells them; null where it is ignored.</param>
[GenerateSerializer, Immutable, Alias("mdm.InboundReceipt")]
public sealed record InboundReceipt([property: Id(0)] InboundResult Result, [property: Id(1)] string? Device, [property: Id(2)] string? Action)
{
    /// <summary>It came before: the rest is what the first one was answered.</summary>
    [Id(3)]
    public bool IsDuplicate { get; init; }
}
