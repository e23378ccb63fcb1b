using System.Collections.Immutable;
using System.Security.Cryptography;
using MdmOrleans.Abstractions;
using MdmOrleans.Abstractions.Integrations;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Integrations;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Grains.Audit;
using MdmOrleans.Grains.States;

namespace MdmOrleans.Grains.Integrations;

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("mdm.InboundState")]
internal sealed record InboundState
{
    [Id(0)]
    public InboundSettings? Settings { get; init; }

    /// <summary>In the clear, because a signature can only be made again with it.</summary>
    [Id(1)]
    public string? Secret { get; init; }

    /// <summary>Oldest first.</summary>
    [Id(2)]
    public ImmutableArray<TakenDelivery> Taken { get; init; } = [];

    /// <summary>The actor who last set the secret or saw it; null: nobody knows.</summary>
    [Id(3)]
    public string? SecretKnownTo { get; init; }
}

[GenerateSerializer, Immutable, Alias("mdm.TakenDelivery")]
internal sealed record TakenDelivery(
    [property: Id(0)] string Id, [property: Id(1)] DateTimeOffset At, [property: Id(2)] InboundReceipt Receipt, [property: Id(3)] string Signature)
{
    /// <summary>Null for one that was taken before bodies were compared.</summary>
    [Id(4)]
    public string? BodyDigest { get; init; }

    // The signature does not cover the name: what was overheard must not count again under another one.
    public bool IsSame(InboundDelivery other) => Id == other.Id || string.Equals(Signature, other.Signature, StringComparison.OrdinalIgnoreCase);
}

[GrainType("mdm.inbound")]
internal sealed class InboundGrain(
    [Stored("inbound")] StoredState<InboundState> state, IDeviceQueries devices, ChangeTrail trail, TimeProvider time)
    : Grain, IInboundGrain
{
    // Remembered at least as long as a signature counts, from both sides of the clock; beyond that, as many as are cheap to keep.
    private const int MaxTaken = 1000;

    private static readonly TimeSpan MustRemember = InboundSignature.Tolerance * 2;

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString().Split('/')[0]);

    private InboundSystem Sender => this.GetPrimaryKeyString().Split('/')[1] switch
    {
        "hr" => InboundSystem.Hr,
        "itsm" => InboundSystem.Itsm,
        "disposal" => InboundSystem.Disposal,
        var other => throw new InvalidOperationException($"'{other}' is not a system that sends webhooks"),
    };

    public Task<InboundSettings?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(state.Value.Settings);

    public Task ConfigureAsync(InboundSettings settings, string? secret, string actor, CancellationToken cancellationToken)
    {
        var configured = settings with { SecretMadeAt = secret is null ? state.Value.Settings?.SecretMadeAt : time.GetInstant() };
        var after = state.Value with { Settings = configured };
        var change = new Change(
            actor,
            AuditActions.WebhookPut,
            AuditTargets.Webhook(this.GetPrimaryKeyString().Split('/')[1]),
            ChangeDocuments.Webhook(state.Value.Settings),
            ChangeDocuments.Webhook(configured));
        return trail.RecordAsync(
            Tenant, change, () => state.WriteAsync(secret is null ? after : after with { Secret = secret, SecretKnownTo = actor }));
    }

    public async Task<Outcome<InboundReceipt>> DeliverAsync(InboundDelivery delivery, CancellationToken cancellationToken)
    {
        var now = time.GetInstant();
        if (state.Value is not { Settings: { } settings, Secret: { } secret }
            || !InboundSignature.IsValid(delivery.Signature, secret, delivery.Body.Span, now))
        {
            DropIfEmpty();
            return ProblemCatalog.InboundNotProved;
        }

        var digest = InboundContent.DigestOf(delivery.Body.Span);
        if (state.Value.Taken.FirstOrDefault(taken => taken.IsSame(delivery)) is { } known)
        {
            return known.BodyDigest is { } before && before != digest ? ProblemCatalog.InboundReused : known.Receipt with { IsDuplicate = true };
        }

        if (state.Value.Taken.Length >= MaxTaken && now - state.Value.Taken[0].At < MustRemember)
        {
            return ProblemCatalog.InboundTooMany;
        }

        if (InboundContent.Check(delivery.Body.Span) is { } flaw)
        {
            return flaw;
        }

        var read = InboundRules.Read(Sender, settings.Mapping, delivery.Body.Span);
        if (read.Value is not { } request)
        {
            return read.Problem!; // exactly one of the two is set
        }

        var outcome = await ApplyAsync(request, settings.IsDryRun, cancellationToken);
        if (outcome.Value is { } receipt)
        {
            var kept = state.Value.Taken.Length < MaxTaken ? state.Value.Taken : state.Value.Taken.RemoveAt(0);
            // A delivery that was proved has a signature. Stored after it was done: what a crash forgets is sent again, and changes nothing then.
            await state.WriteAsync(state.Value with { Taken = kept.Add(new TakenDelivery(delivery.Id, now, receipt, delivery.Signature!) { BodyDigest = digest }) });
        }

        return outcome;
    }

    private async Task<Outcome<InboundReceipt>> ApplyAsync(InboundRequest request, bool isDryRun, CancellationToken cancellationToken)
    {
        if (request.IsIgnored)
        {
            return new InboundReceipt(InboundResult.Ignored, null, null);
        }

        var (id, refusal) = await FindAsync(request, cancellationToken);
        if (id is not { } device)
        {
            return refusal!; // exactly one of the two is set
        }

        return request.To is { } to
            ? await MoveAsync(device, to, request, isDryRun, cancellationToken)
            : await ProvisionAsync(device, request, isDryRun, cancellationToken);
    }

    /// <summary>By its name, or else by its serial number. A device that is to be provisioned without a name is called by its serial number.</summary>
    private async Task<(DeviceId? Id, Problem? Refusal)> FindAsync(InboundRequest request, CancellationToken cancellationToken)
    {
        if (request.Device is { } name)
        {
            return DeviceId.TryCreate(Tenant.Name, name, out var named) ? (named, null) : (null, ProblemCatalog.InboundDeviceUnknown);
        }

        var found = await devices.ListAsync(Tenant, new DeviceFilter { Serial = request.Serial }, after: null, limit: 2, cancellationToken);
        return (found.Length, request.To) switch
        {
            (1, _) => (found[0].Id, null),
            (0, null) when DeviceId.TryCreate(Tenant.Name, request.Serial, out var made) => (made, null),
            _ => (null, ProblemCatalog.InboundDeviceUnknown),
        };
    }

    private async Task<Outcome<InboundReceipt>> MoveAsync(
        DeviceId id, LifecycleState to, InboundRequest request, bool isDryRun, CancellationToken cancellationToken)
    {
        var reason = request.Reason!.Value; // a move has one
        var action = InboundRules.ActionOf(reason);
        var twin = GrainFactory.GetGrain<IDeviceTwin>(id.ToString());
        if (await twin.ReadAsync(cancellationToken) is not { } before)
        {
            return ProblemCatalog.InboundDeviceUnknown;
        }

        if (isDryRun)
        {
            return new InboundReceipt(InboundResult.DryRun, id.Name, action);
        }

        var outcome = await twin.TransitionAsync(new TransitionRequest(to, reason, request.Note, Actor) { OnBehalfOf = state.Value.SecretKnownTo }, cancellationToken);
        return outcome.Value is not { } done ? outcome.Problem! // exactly one of the two is set
            : new InboundReceipt(
                done.Hold is not null ? InboundResult.Held : done.Device.Version == before.Version ? InboundResult.Unchanged : InboundResult.Applied,
                id.Name,
                action);
    }

    private async Task<Outcome<InboundReceipt>> ProvisionAsync(
        DeviceId id, InboundRequest request, bool isDryRun, CancellationToken cancellationToken)
    {
        var twin = GrainFactory.GetGrain<IDeviceTwin>(id.ToString());
        if (await twin.ReadAsync(cancellationToken) is not null)
        {
            return new InboundReceipt(InboundResult.Unchanged, id.Name, InboundRules.Provision);
        }

        if (isDryRun)
        {
            return new InboundReceipt(InboundResult.DryRun, id.Name, InboundRules.Provision);
        }

        var outcome = await twin.CreateAsync(
            new CreateDevice
            {
                Token = SecretHash.Of(RandomNumberGenerator.GetBytes(32)), // nobody knows it: the device gets its own when it enrolls
                Actor = Actor,
                Platform = request.Platform,
                Serial = request.Serial,
                Labels = request.Labels,
            },
            cancellationToken);
        return outcome.Value is not null ? new InboundReceipt(InboundResult.Applied, id.Name, InboundRules.Provision) : outcome.Problem!; // exactly one is set
    }

    private string Actor => $"webhook:{this.GetPrimaryKeyString().Split('/')[1]}";

    // Whoever tries names must not fill the memory with grains.
    private void DropIfEmpty()
    {
        if (state.Value.Settings is null)
        {
            DeactivateOnIdle();
        }
    }
}
