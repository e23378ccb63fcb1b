using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using MdmOrleans.Api.Commands;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Http.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Api.Tenancy;

internal static class TenantWire
{
    private const int MaxText = 200;
    private const int MaxMinutes = 10_080;

    public static string ToWire(this LostWipe value) => value switch
    {
        LostWipe.Ask => LostWipeNames.Ask,
        LostWipe.Automatic => LostWipeNames.Automatic,
        _ => throw new UnreachableException($"No wire name for {value}"),
    };

    public static string ToWire(this GovernorApproval value) => value switch
    {
        GovernorApproval.None => ApprovalNames.None,
        GovernorApproval.TwoPerson => ApprovalNames.TwoPerson,
        _ => throw new UnreachableException($"No wire name for {value}"),
    };

    public static TenantBody ToBody(this Tenant tenant) => new()
    {
        Tenant = tenant.Id.Name,
        Version = tenant.Version,
        Name = tenant.Settings.Name,
        DefaultPolicy = tenant.Settings.DefaultPolicy,
        NoncompliantWithoutPolicy = tenant.Settings.NoncompliantWithoutPolicy,
        QuarantineZone = tenant.Settings.QuarantineZone,
        LostWipe = tenant.Settings.LostWipe.ToWire(),
        Governor = tenant.Settings.Governor.ToBody(),
        PendingGovernor = tenant.PendingGovernor is { } pending
            ? new PendingGovernorBody(
                pending.Settings.ToBody(), pending.RequestedBy, pending.RequestedAt, pending.EffectiveAt, HoldId.Governor, Hint(tenant.Id, pending))
            : null,
        CreatedAt = tenant.CreatedAt,
    };

    private static string Hint(TenantId tenant, GovernorChange pending) => string.Create(
        CultureInfo.InvariantCulture,
        $"The looser governor is not in force yet. It comes into force at {pending.EffectiveAt:yyyy-MM-ddTHH:mm:ssZ}, or when a second administrator approves it: POST /v1/tenants/{tenant}/holds/{HoldId.Governor}/approve.");

    private static GovernorBody ToBody(this GovernorSettings governor) => new()
    {
        MaxInWindow = governor.MaxInWindow,
        WindowMinutes = governor.WindowMinutes,
        MaxPerDay = new MaxPerDayBody(governor.MaxPerDay.Devices, governor.MaxPerDay.Percent),
        MaxPercent = governor.MaxPercent,
        Approval = governor.Approval.ToWire(),
        HoldMinutes = governor.HoldMinutes,
    };

    public static bool TryRead(this TenantRequest request, out TenantSettings settings, out ImmutableArray<ProblemError> errors)
    {
        var found = ImmutableArray.CreateBuilder<ProblemError>();
        Check(request.Name.Trim().Length is >= 1 and <= MaxText, "/name", "must be 1 to 200 characters");
        Check(request.QuarantineZone is null or { Length: >= 1 and <= MaxText }, "/quarantineZone", "must be 1 to 200 characters");
        var lostWipe = WireName.Read<LostWipe>(request.LostWipe ?? LostWipeNames.Ask, ToWire);
        Check(lostWipe is not null, "/lostWipe", "must be ask or automatic");
        settings = new TenantSettings
        {
            Name = request.Name,
            DefaultPolicy = request.DefaultPolicy,
            NoncompliantWithoutPolicy = request.NoncompliantWithoutPolicy ?? true,
            QuarantineZone = request.QuarantineZone,
            LostWipe = lostWipe ?? LostWipe.Ask,
            Governor = ReadGovernor(request.Governor ?? new GovernorRequest()),
        };
        errors = found.DrainToImmutable();
        return errors.IsEmpty;

        GovernorSettings ReadGovernor(GovernorRequest governor)
        {
            var defaults = GovernorSettings.Default;
            var approval = WireName.Read<GovernorApproval>(governor.Approval ?? defaults.Approval.ToWire(), ToWire);
            var read = new GovernorSettings(
                governor.MaxInWindow ?? defaults.MaxInWindow,
                governor.WindowMinutes ?? defaults.WindowMinutes,
                governor.MaxPercent ?? defaults.MaxPercent,
                approval ?? defaults.Approval,
                governor.HoldMinutes ?? defaults.HoldMinutes)
            {
                MaxPerDay = new DailyLimit(
                    governor.MaxPerDay?.Devices ?? defaults.MaxPerDay.Devices, governor.MaxPerDay?.Percent ?? defaults.MaxPerDay.Percent),
            };
            Check(approval is not null, "/governor/approval", "must be none or twoPerson");
            Check(read.MaxInWindow is >= 1 and <= 1_000_000, "/governor/maxInWindow", "must be 1 to 1000000");
            Check(read.WindowMinutes is >= 1 and <= MaxMinutes, "/governor/windowMinutes", "must be 1 to 10080");
            Check(read.MaxPercent is > 0 and <= 100, "/governor/maxPercent", "must be more than 0, up to 100");
            Check(read.MaxPerDay.Devices is >= 1 and <= 1_000_000, "/governor/maxPerDay/devices", "must be 1 to 1000000");
            Check(read.MaxPerDay.Percent is >= 0 and <= 100, "/governor/maxPerDay/percent", "must be 0 to 100");
            Check(read.HoldMinutes is >= 0 and <= MaxMinutes, "/governor/holdMinutes", "must be 0 to 10080");
            return read;
        }

        void Check(bool isFine, string pointer, string otherwise)
        {
            if (!isFine)
            {
                found.Add(new ProblemError(pointer, otherwise));
            }
        }
    }
}
