using System.Collections.Immutable;
using System.Text;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Tests.Audit;

public sealed class AuditTrailCheckTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly AnchorKey Key = new(Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"));

    [Fact]
    public void A_whole_trail_is_proved_to_its_end()
    {
        var check = Check(Acme, ATrail("key:a", "key:b", "key:c"), AnAnchor(ATrail("key:a", "key:b")));

        Assert.Null(check.Fault);
        Assert.Equal(3, check.End.Number);
        Assert.Empty(check.Rewritten);
    }

    [Fact]
    public void Every_member_of_a_record_is_sealed()
    {
        var record = ATrail("key:a")[0];
        AuditEntry[] forged =
        [
            record.Entry with { At = record.Entry.At.AddMilliseconds(1) },
            record.Entry with { Actor = "key:b" },
            record.Entry with { Via = AuditVia.Session },
            record.Entry with { Action = AuditActions.TenantPut },
            record.Entry with { Target = "policy:other" },
            record.Entry with { Result = "version_mismatch" },
            record.Entry with { Before = Utf8Block.FromText("{}") },
            record.Entry with { After = Utf8Block.FromText("{}") },
            record.Entry with { RequestId = "other" },
            record.Entry with { Address = "192.0.2.1" },
            record.Entry with { Intent = 1 },
        ];

        Assert.All(forged, entry => Assert.False((record with { Entry = entry }).IsIntact(Acme, EventChain.Empty), entry.ToString()));
        Assert.True(record.IsIntact(Acme, EventChain.Empty));
    }

    [Fact]
    public void A_record_is_no_record_of_another_trail()
    {
        Assert.Equal(ChainFault.Altered, Check(TenantId.Parse("other"), ATrail("key:a")).Fault);
        Assert.Equal(ChainFault.Altered, Check(null, ATrail("key:a")).Fault);
    }

    [Fact]
    public void A_record_that_was_taken_out_is_missed()
    {
        Assert.Equal(ChainFault.Missing, Check(Acme, ATrail("key:a", "key:b", "key:c").RemoveAt(1)).Fault);
    }

    [Fact]
    public void A_trail_that_was_cut_off_below_an_anchor_is_truncated()
    {
        var anchor = AnAnchor(ATrail("key:a", "key:b"));

        var check = Check(Acme, ATrail("key:a"), anchor);

        Assert.Equal(ChainFault.Truncated, check.Fault);
        Assert.Equal([anchor.At], check.Rewritten);
    }

    [Fact]
    public void A_trail_that_was_rewritten_with_every_hash_right_is_found_by_its_anchor()
    {
        var anchor = AnAnchor(ATrail("key:a", "key:b"));

        var check = Check(Acme, ATrail("key:nobody", "key:b", "key:c"), anchor);

        Assert.Null(check.Fault);
        Assert.Equal([anchor.At], check.Rewritten);
    }

    [Fact]
    public void A_document_that_is_too_long_is_replaced_by_its_digest()
    {
        var document = Utf8Block.FromText($"\"{new string('x', AuditEntry.MaxDocument)}\"");

        var record = AuditRecord.Seal(Acme, null, AnEntry("key:a") with { After = document });

        Assert.StartsWith("{\"tooLong\":65538,\"sha256\":\"", record.Entry.After.ToString(), StringComparison.Ordinal);
        Assert.True(record.IsIntact(Acme, EventChain.Empty));
    }

    [Fact]
    public void An_anchor_is_believed_only_with_its_key_its_content_and_the_anchor_before_it()
    {
        var first = AnAnchor(ATrail("key:a"));
        var second = (first with { At = first.At.AddDays(1), Previous = first.Seal }).SealedWith(Key);
        var other = new AnchorKey(new byte[AnchorKey.Length]);

        Assert.Empty(AnchorRules.Check([second, first], isWhole: true, Key));
        Assert.Equal([AnchorFault.OtherKey, AnchorFault.OtherKey], Faults([second, first], other));
        Assert.Equal([AnchorFault.Altered], Faults([second, first with { Audit = new EventChain(2, first.Audit.Hash) }], Key));
        Assert.Equal([AnchorFault.Missing], Faults([second], Key));
        Assert.Empty(AnchorRules.Check([second], isWhole: false, Key));
    }

    [Theory]
    [InlineData("2026-11-24T00:59:59Z", "2026-11-23T00:00:00Z")]
    [InlineData("2026-11-24T01:00:00Z", "2026-11-24T00:00:00Z")]
    [InlineData("2026-11-24T23:00:00-05:00", "2026-11-25T00:00:00Z")]
    public void A_day_is_anchored_an_hour_after_its_end(string now, string due)
    {
        var at = AnchorRules.DueAt(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture), at);
    }

    [Fact]
    public void What_came_of_a_change_is_told_by_what_is_there_now()
    {
        var change = AnEntry("key:a") with { Before = Utf8Block.FromText("""{"a":1}"""), After = Utf8Block.FromText("""{"a":2,"b":3}""") };
        var making = change with { Before = default };

        Assert.Equal(AuditResults.Done, IntentRules.Resolve(change, Utf8Block.FromText("""{ "b": 3, "a": 2 }""")));
        Assert.Equal(AuditResults.NotDone, IntentRules.Resolve(change, Utf8Block.FromText("""{"a":1}""")));
        Assert.Equal(AuditResults.Unknown, IntentRules.Resolve(change, Utf8Block.FromText("""{"a":4}""")));
        Assert.Equal(AuditResults.NotDone, IntentRules.Resolve(making, default));
        Assert.Equal(AuditResults.Done, IntentRules.Resolve(making, Utf8Block.FromText("""{"a":2,"b":3}""")));
    }

    private static IEnumerable<AnchorFault> Faults(ImmutableArray<ChainAnchor> anchors, AnchorKey key) =>
        AnchorRules.Check(anchors, isWhole: true, key).Select(fault => fault.Fault);

    private static AuditTrailCheck Check(TenantId? tenant, ImmutableArray<AuditRecord> records, params ChainAnchor[] anchors)
    {
        var check = new AuditTrailCheck(tenant, [.. anchors]);
        if (records.All(check.Add))
        {
            check.Complete();
        }

        return check;
    }

    private static ChainAnchor AnAnchor(ImmutableArray<AuditRecord> trail) => new ChainAnchor
    {
        Tenant = Acme,
        At = A.Now,
        Audit = new EventChain(trail[^1].Number, trail[^1].Hash),
        Shards = [new ShardHeads(3, 1, new byte[] { 1, 2 })],
        Previous = default,
        KeyId = string.Empty,
        Seal = default,
    }.SealedWith(Key);

    private static ImmutableArray<AuditRecord> ATrail(params string[] actors)
    {
        var records = ImmutableArray.CreateBuilder<AuditRecord>();
        foreach (var actor in actors)
        {
            records.Add(AuditRecord.Seal(Acme, records.LastOrDefault(), AnEntry(actor)));
        }

        return records.ToImmutable();
    }

    private static AuditEntry AnEntry(string actor) => new()
    {
        At = A.Now,
        Actor = actor,
        Via = AuditVia.Key,
        Action = AuditActions.PolicyPut,
        Target = "policy:baseline",
        Result = AuditResults.Done,
        RequestId = "r",
        Address = "127.0.0.1",
    };
}
