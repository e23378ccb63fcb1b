using System.Security.Cryptography;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Contracts.Problems;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Compliance;

/// <summary>Stops what would take <c>allow</c> from more than a tenth of a fleet, unless the caller confirms what it was shown.</summary>
internal sealed class MassEffects(FleetSample sample, IDeviceQueries queries, IGrainFactory grains, TimeProvider time)
{
    /// <summary>The query parameter that brings the word.</summary>
    public const string Confirm = "confirm";

    /// <param name="body">What would come to be, so that the word confirms nothing else.</param>
    /// <returns>Null: it may go on.</returns>
    public async Task<ProblemResult?> StopAsync(
        TenantView before, TenantView after, HttpContext http, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var request = Describe(http, body);
        if (await IsConfirmedAsync(before.Tenant.Id, http, request))
        {
            return null;
        }

        var (effect, fleet) = await sample.JudgeAsync(before, after, time.GetInstant(), cancellationToken);
        return effect.IsMass ? await RefuseAsync(before.Tenant.Id, effect, fleet, request) : null;
    }

    /// <summary>For commands that end the access of every device that they reach. One device alone is no mass.</summary>
    /// <param name="filter">The devices that they reach.</param>
    public async Task<ProblemResult?> StopAsync(
        TenantId tenant, DeviceFilter filter, HttpContext http, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var request = Describe(http, body);
        if (await IsConfirmedAsync(tenant, http, request))
        {
            return null;
        }

        var now = time.GetInstant();
        var fleet = await queries.SummarizeAsync(tenant, Fleet.At(now), now, cancellationToken);
        var reached = await queries.SummarizeAsync(tenant, filter with { CheckedInSince = now - Fleet.Memory }, now, cancellationToken);
        var effect = FleetEffect.None;
        foreach (var (level, devices) in fleet.Access)
        {
            var ends = level == AccessLevel.Allow ? reached.Access.GetValueOrDefault(level) : 0;
            effect = effect.Add(level, AccessLevel.Block, isAffected: true, ends).Add(level, level, isAffected: false, devices - ends);
        }

        return effect is { IsMass: true, Affected: > 1 } ? await RefuseAsync(tenant, effect, fleet.Devices, request) : null;
    }

    private static string Describe(HttpContext http, ReadOnlyMemory<byte> body) =>
        $"{http.Request.Method} {http.Request.Path}\n{Caller.Of(http)?.Actor}\n{Convert.ToHexStringLower(SHA256.HashData(body.Span))}";

    private async Task<bool> IsConfirmedAsync(TenantId tenant, HttpContext http, string request) =>
        http.Request.Query[Confirm] is [{ Length: > 0 } word] && await Grain(tenant).IsConfirmedAsync(request, word, http.RequestAborted);

    private async Task<ProblemResult> RefuseAsync(TenantId tenant, FleetEffect effect, long fleet, string request)
    {
        var word = await Grain(tenant).IssueConfirmationAsync(request, CancellationToken.None);
        return new ProblemResult(ApiProblems.MassEffect(effect.Affected, effect.Judged).ToDocument() with
        {
            Before = Name(effect.Before),
            After = Name(effect.After),
            Affected = effect.Affected,
            Devices = effect.Judged,
            Fleet = fleet,
            Judged = effect.Judged >= fleet ? MassEffectNames.Fleet : MassEffectNames.Sample,
            Confirm = word,
        });
    }

    private static Dictionary<string, long> Name(IReadOnlyDictionary<AccessLevel, long> counts) =>
        Enum.GetValues<AccessLevel>().ToDictionary(level => level.ToWire(), level => counts.GetValueOrDefault(level));

    private ITenantGrain Grain(TenantId tenant) => grains.GetGrain<ITenantGrain>(tenant.ToString());
}
