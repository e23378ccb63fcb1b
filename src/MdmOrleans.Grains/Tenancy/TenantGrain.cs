using System.Collections.Immutable;
using System.Security.Cryptography;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using MdmOrleans.Grains.Audit;
using MdmOrleans.Grains.Deadlines;
using MdmOrleans.Grains.Hosting;
using MdmOrleans.Grains.States;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Grains.Tenancy;

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("mdm.TenantGrainState")]
internal sealed record TenantGrainState
{
    [Id(0)]
    public Tenant? Tenant { get; init; }

    /// <summary>Ascending.</summary>
    [Id(1)]
    public ImmutableSortedSet<string> Policies { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The fleet is still to be told that it is judged by something else.</summary>
    [Id(2)]
    public bool IsRollingOut { get; init; }
}

[GrainType("mdm.tenant")]
internal sealed partial class TenantGrain(
    [Stored("tenant")] StoredState<TenantGrainState> state,
    ITenantBroadcast broadcast,
    IDeviceQueries devices,
    FleetRollouts rollouts,
    IOptions<LimitsOptions> limits,
    ChangeTrail trail,
    TimeProvider time,
    ILogger<TenantGrain> logger)
    : Grain, ITenantGrain
{
    // Lives as long as the activation: whoever waits for longer is shown the effect again.
    private readonly byte[] _confirmationKey = RandomNumberGenerator.GetBytes(32);
    private IDisposable? _rollout;

    private TenantId Id => TenantId.Parse(this.GetPrimaryKeyString());

    // A pending governor comes into force by the clock alone; the next write stores it.
    private Tenant? Current => state.Value.Tenant?.At(time.GetInstant());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        RollOut();
        return Task.CompletedTask;
    }

    public Task<Tenant?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Current);

    public async Task<Outcome<Tenant>> PutAsync(PutTenant request, CancellationToken cancellationToken)
    {
        var (settings, actor, before) = (request.Settings, request.Actor, Current);
        if (request.ExpectedVersion is { } expected && expected != (before?.Version ?? 0))
        {
            return ProblemCatalog.TenantChanged;
        }

        if (settings.DefaultPolicy is { } policy && !state.Value.Policies.Contains(policy))
        {
            return ProblemCatalog.PolicyNotFound;
        }

        if (request.KeepsPolicyInUse && settings.DefaultPolicy is null && await IsInUseAsync(before?.Settings.DefaultPolicy, cancellationToken))
        {
            return ProblemCatalog.DefaultPolicyInUse;
        }

        var now = time.GetInstant();
        GovernorChange? pending = null;
        if (before is not null)
        {
            var asked = request.KeepsGovernor ? before.Settings.Governor : settings.Governor;
            (var governor, pending) = GovernorChangeRules.Ask(before, asked, actor, await HasDevicesAsync(before, asked, cancellationToken), now);
            settings = settings with { Governor = governor };
        }

        if (before?.Settings == settings && before.PendingGovernor == pending)
        {
            return before;
        }

        if (before is null)
        {
            await GrainFactory.GetGrain<ITenantDirectory>(0).AddAsync(Id, cancellationToken); // first: a name without a tenant is skipped
        }

        var judgesAnother = before?.Settings.DefaultPolicy != settings.DefaultPolicy
            || before?.Settings.NoncompliantWithoutPolicy != settings.NoncompliantWithoutPolicy;
        var after = new Tenant(
            Id, (before?.Version ?? 0) + 1, settings, before?.CreatedAt ?? now, judgesAnother || before is null ? now : before.DefaultPolicySince)
        {
            PendingGovernor = pending,
        };
        await RecordAsync(AuditActions.TenantPut, actor, before, state.Value with
        {
            Tenant = after,
            IsRollingOut = state.Value.IsRollingOut || (judgesAnother && before is not null), // a new tenant has no devices
        });
        if (pending is not null && pending != before?.PendingGovernor)
        {
            LogLooseningAsked(Id, actor, pending.EffectiveAt);
        }

        return after;
    }

    public async Task<Outcome<Tenant>> DecideGovernorAsync(bool isApproved, string key, CancellationToken cancellationToken)
    {
        if (Current is not { } before)
        {
            return ProblemCatalog.TenantNotFound;
        }

        if (before.PendingGovernor is not { } pending)
        {
            return ProblemCatalog.HoldNotFound;
        }

        var question = new DecisionRequest(key, Id, KeyRole.Admin, isApproved ? pending.RequestedBy : null);
        if (await GrainFactory.GetGrain<IKeyRing>(0).MayDecideAsync(question, cancellationToken) is { } refusal)
        {
            return refusal.Code == ProblemCatalog.RoleTooLow.Code ? ProblemCatalog.HoldNeedsAdministrator : refusal;
        }

        var outcome = GovernorChangeRules.Decide(before, isApproved);
        if (outcome.Value is { } after)
        {
            await RecordAsync(AuditActions.GovernorDecide, Actors.Key(key), before, state.Value with { Tenant = after });
            LogLooseningDecided(Id, isApproved, Actors.Key(key));
        }

        return outcome;
    }

    public Task<ImmutableArray<string>> ListPoliciesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(state.Value.Policies.ToImmutableArray());

    public async Task<Problem?> AddPolicyAsync(string policy, CancellationToken cancellationToken)
    {
        if (Current is not { } tenant)
        {
            return ProblemCatalog.TenantNotFound;
        }

        if (!state.Value.Policies.Contains(policy))
        {
            if (state.Value.Policies.Count >= limits.Value.Policies)
            {
                return ProblemCatalog.QuotaExceeded("policies", limits.Value.Policies);
            }

            await WriteAsync(state.Value with { Tenant = tenant, Policies = state.Value.Policies.Add(policy) });
        }

        return null;
    }

    public Task<string> IssueConfirmationAsync(string request, CancellationToken cancellationToken) =>
        Task.FromResult(ConfirmationRules.Issue(_confirmationKey, request, time.GetUtcNow()));

    public Task<bool> IsConfirmedAsync(string request, string word, CancellationToken cancellationToken) =>
        Task.FromResult(ConfirmationRules.Accepts(_confirmationKey, request, word, time.GetUtcNow()));

    // Only loosening has to know.
    private async ValueTask<bool> HasDevicesAsync(Tenant before, GovernorSettings asked, CancellationToken cancellationToken) =>
        GovernorRules.Loosens(before.Settings.Governor, asked)
        && !(await devices.ListAsync(Id, new DeviceFilter(), after: null, limit: 1, cancellationToken)).IsEmpty;

    private async ValueTask<bool> IsInUseAsync(string? policy, CancellationToken cancellationToken) =>
        policy is not null
        && (await devices.SummarizeAsync(Id, new DeviceFilter(), time.GetInstant(), cancellationToken)).Policies.Keys.Any(judged => judged.Id == policy);

    private void RollOut()
    {
        if (state.Value.IsRollingOut)
        {
            _rollout?.Dispose();
            _rollout = rollouts.Start(this, Id, policy: null, () => state.WriteAsync(state.Value with { IsRollingOut = false }));
        }
    }

    private Task RecordAsync(string action, string actor, Tenant? before, TenantGrainState next)
    {
        var change = new Change(
            actor, action, AuditTargets.Tenant(Id.Name), ChangeDocuments.Tenant(before), ChangeDocuments.Tenant(next.Tenant));
        return trail.RecordAsync(Id, change, async () =>
        {
            await WriteAsync(next);
            RollOut();
        });
    }

    private async Task WriteAsync(TenantGrainState next)
    {
        await state.WriteAsync(next);
        await broadcast.AnnounceAsync(Id);
    }

    [LoggerMessage(1311, LogLevel.Warning, "{Actor} asked for a looser governor of tenant {Tenant}; it applies from {EffectiveAt} unless somebody decides sooner")]
    private partial void LogLooseningAsked(TenantId tenant, string actor, DateTimeOffset effectiveAt);

    [LoggerMessage(1312, LogLevel.Warning, "{Actor} decided about a looser governor of tenant {Tenant}; approved: {IsApproved}")]
    private partial void LogLooseningDecided(TenantId tenant, bool isApproved, string actor);
}
