using System.Collections.Frozen;
using System.Collections.Immutable;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Api.Limits;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Api.Compliance;

/// <summary>Runs drafts over stored fleets: one at a time, page by page, and no faster than check-ins can spare.</summary>
internal sealed class PolicyPreviews(IDeviceQueries queries, IGrainFactory grains, IOptions<RequestLimitsOptions> limits, TimeProvider time) : IDisposable
{
    private const int PageSize = 500;
    private const int MaxWaiting = 8;

    // A device costs some 60 µs here and in the database together: this is a quarter of a core, and 100,000 devices take 25 seconds.
    private const int DevicesPerSecond = 4000;
    private const int Burst = 2000;

    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting;

    public void Dispose() => _turn.Dispose();

    /// <param name="json">The draft.</param>
    /// <param name="after">The cursor of the page before; null: the first page, which judges all there is.</param>
    public async Task<Outcome<PreviewPage>> RunAsync(
        Tenant tenant, PolicyId policy, Utf8Block json, string? after, int limit, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return ApiProblems.PreviewBusy;
        }

        try
        {
            var prepared = await PrepareAsync(tenant, policy, json, after, cancellationToken);
            return prepared is { Value: { } draft } ? await JudgeInTurnAsync(draft, limit, cancellationToken) : prepared.Problem!; // exactly one is set
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Reads the draft as it would be read if it were stored now, or on the pages behind the first, when that one was asked for.</summary>
    private async Task<Outcome<PreparedPreview>> PrepareAsync(
        Tenant tenant, PolicyId policy, Utf8Block json, string? after, CancellationToken cancellationToken)
    {
        var now = time.GetInstant();
        var stored = await grains.GetGrain<IPolicyGrain>(policy.ToString()).ReadAsync(null, cancellationToken);
        var read = PolicyReader.Read(json.Memory, new PolicyVersion(policy.Name, (stored?.Version ?? 0) + 1), now, limits.Value.Patterns);
        if (read.Value is not { } draft)
        {
            return read.Problem!; // exactly one of the two is set
        }

        var canonical = PolicyWriter.Write(draft);
        var from = after is null ? null : PreviewCursor.Parse(after, canonical);
        if (after is not null && from is null)
        {
            return ProblemCatalog.CursorUnknown;
        }

        var at = from?.At ?? now;
        draft = stored?.Json == canonical
            ? draft with { Version = new PolicyVersion(stored.Name, stored.Version), StoredAt = stored.StoredAt } // it would not be stored again
            : draft with { StoredAt = at };
        var asDefault = from?.AsDefault ?? await JudgesNobodyAsync(tenant, policy, now, cancellationToken);
        var view = new TenantView(tenant, FrozenDictionary<string, Policy>.Empty);
        return new PreparedPreview(PolicyPreview.Of(view, draft, asDefault, at), tenant.Id, canonical, from, asDefault, at);
    }

    private async Task<PreviewPage> JudgeInTurnAsync(PreparedPreview draft, int limit, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var (changes, counts) = await JudgeAsync(draft, limit, cancellationToken);
            var next = changes.Count > limit
                ? new PreviewCursor(changes[limit - 1].Before.Id.Name, draft.At, draft.AsDefault, counts).ToText(draft.Canonical)
                : null;
            return new PreviewPage([.. changes.Take(limit)], counts, draft.AsDefault, next);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<bool> JudgesNobodyAsync(Tenant tenant, PolicyId policy, DateTimeOffset now, CancellationToken cancellationToken) =>
        tenant.Settings.DefaultPolicy != policy.Name
        && !(await queries.SummarizeAsync(tenant.Id, new DeviceFilter(), now, cancellationToken)).Policies.Keys.Any(judged => judged.Id == policy.Name);

    /// <summary>One change more than <paramref name="limit"/>, where there are so many, and the counts of the whole fleet.</summary>
    private async Task<(List<PreviewedDevice> Changes, PreviewCounts Counts)> JudgeAsync(
        PreparedPreview draft, int limit, CancellationToken cancellationToken)
    {
        var from = draft.From;
        var changes = new List<PreviewedDevice>();
        var counts = from?.Counts ?? new PreviewCounts();
        var startedAt = time.GetTimestamp();
        var after = from?.After;
        for (var judged = 0; ; judged += PageSize)
        {
            await PaceAsync(judged, startedAt, cancellationToken);
            var page = await queries.ListAsync(draft.Tenant, new DeviceFilter(), after, PageSize, cancellationToken);
            Judge(draft.Preview, page, changes, from is null ? counts : null, limit);
            if (page.Length < PageSize || (from is not null && changes.Count > limit))
            {
                return (changes, counts);
            }

            after = page[^1].Id.Name;
        }
    }

    private static void Judge(PolicyPreview preview, ImmutableArray<Device> page, List<PreviewedDevice> changes, PreviewCounts? counts, int limit)
    {
        foreach (var device in page)
        {
            var outcome = preview.Judge(device);
            counts?.Count(outcome);
            if (changes.Count <= limit && outcome.IsChange)
            {
                changes.Add(outcome);
            }
        }
    }

    private Task PaceAsync(int judged, long startedAt, CancellationToken cancellationToken)
    {
        var early = TimeSpan.FromSeconds((double)(judged - Burst) / DevicesPerSecond) - time.GetElapsedTime(startedAt);
        return early > TimeSpan.Zero ? Task.Delay(early, time, cancellationToken) : Task.CompletedTask;
    }
}

/// <param name="From">Null: from the beginning.</param>
/// <param name="At">As of which it judges.</param>
internal sealed record PreparedPreview(
    PolicyPreview Preview, TenantId Tenant, Utf8Block Canonical, PreviewCursor? From, bool AsDefault, DateTimeOffset At);

/// <param name="Next">Null: this was the end.</param>
internal sealed record PreviewPage(ImmutableArray<PreviewedDevice> Changes, PreviewCounts Counts, bool AsDefault, string? Next);
