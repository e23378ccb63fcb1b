using System.Text.Json;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Contracts.Http.History;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>Compares what devices were promised with what the server still knows, from outside.</summary>
internal static class Audit
{
    private const int AtOnce = 8;

    /// <summary>Everything that was acknowledged is there, once; the twin agrees with its history; the history is whole.</summary>
    public static Task NothingIsLostAsync(ServerProcess server, IEnumerable<FleetRecord> records) =>
        NothingIsLostAsync(server.Api, records);

    public static Task NothingIsLostAsync(ServerApi api, IEnumerable<FleetRecord> records) => Parallel.ForEachAsync(
        records,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
        async (record, _) =>
        {
            Assert.Empty(record.Faults);
            var twin = await api.TwinAsync(record.Tenant, record.Device);
            var history = await api.HistoryAsync(record.Tenant, record.Device);
            IsWhole(DeviceId.Parse($"{record.Tenant}/{record.Device}"), history);
            TwinAgreesWithHistory(twin, history);
            EveryCheckInIsThereOnce(record, twin, history);
            foreach (var command in record.Reported)
            {
                Assert.Equal("succeeded", (await api.CommandAsync(record.Tenant, record.Device, command)).Status);
            }
        });

    /// <summary>Numbers without a gap, and each entry sealed behind the one before it.</summary>
    public static void IsWhole(DeviceId device, IReadOnlyList<EventBody> history)
    {
        var chain = EventChain.Empty;
        foreach (var body in history)
        {
            var entry = new DeviceEvent
            {
                Number = body.Number,
                At = body.At,
                RecordedAt = body.RecordedAt,
                Kind = body.Kind,
                Actor = body.Actor,
                Reason = body.Reason,
                From = body.From,
                To = body.To,
                Policy = body.Policy is { } policy ? new PolicyVersion(policy.Id, policy.Version) : null,
                Epoch = body.Epoch,
                Detail = new Utf8Block(body.Detail.Utf8.ToArray()),
                Hash = Convert.FromHexString(body.Hash),
                HashVersion = body.HashVersion,
            };
            Assert.True(EventChain.IsIntact(device, chain, entry), $"the history breaks between {chain.Number} and {entry.Number}");
            chain = new EventChain(entry.Number, entry.Hash);
        }
    }

    /// <summary>No half of a change is there without the other.</summary>
    public static void TwinAgreesWithHistory(TwinBody twin, IReadOnlyList<EventBody> history)
    {
        Assert.Equal(Last(history, EventKinds.LifecycleChanged)?.To ?? "Provisioned", twin.Lifecycle);
        Assert.Equal(Last(history, EventKinds.ComplianceChanged)?.To ?? "unknown", twin.Compliance);
        Assert.Equal(Last(history, EventKinds.AccessChanged)?.To ?? "quarantine", twin.Access);
        var posture = Last(history, EventKinds.PostureChanged);
        Assert.Equal(posture is null ? null : OsVersionOf(posture), twin.OsVersion);
    }

    public static EventBody? Last(IReadOnlyList<EventBody> history, string kind) => history.LastOrDefault(e => e.Kind == kind);

    public static string OsVersionOf(EventBody posture)
    {
        using var detail = JsonDocument.Parse(posture.Detail.Utf8);
        return detail.RootElement.GetProperty("osVersion").GetString()!; // every posture has one
    }

    private static void EveryCheckInIsThereOnce(FleetRecord record, TwinBody twin, IReadOnlyList<EventBody> history)
    {
        var stored = history.Where(e => e.Kind == EventKinds.PostureChanged).Select(OsVersionOf).ToArray();
        Assert.Equal(Enumerable.Range(1, stored.Length).Select(FleetRecord.OsVersion), stored);
        Assert.InRange(stored.Length, record.Acknowledged.Count, record.Sent);
        Assert.Equal(Enumerable.Range(1, record.Acknowledged.Count), record.Acknowledged);
        Assert.Equal(FleetRecord.OsVersion(stored.Length), twin.OsVersion);
    }
}
