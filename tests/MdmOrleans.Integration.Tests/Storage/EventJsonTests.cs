using System.Text;
using System.Text.Json;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Json;

namespace MdmOrleans.Integration.Tests.Storage;

public sealed class EventJsonTests
{
    /// <summary>As a release without hash versions stored it. Never edited: rows outlive releases.</summary>
    private const string WithoutVersion =
        """{"number":1,"at":"2026-03-01T12:00:00+00:00","recordedAt":"2026-03-01T12:00:00+00:00","kind":"deviceCreated","actor":"key:admin","""
        + "\"to\":\"Provisioned\",\"epoch\":1,\"detail\":{},\"hash\":\"CMeiZ/usWT9UOR6ca25aOIBGMWkzKNJS5ysK3kyeDF8=\"}";

    [Fact]
    public void A_stored_event_without_a_hash_version_is_of_version_1_and_verifies()
    {
        var entry = EventJson.Read(Encoding.UTF8.GetBytes(WithoutVersion));

        Assert.Equal(EventChain.WithoutDevice, entry.HashVersion);
        Assert.True(EventChain.IsIntact(DeviceId.Parse("acme/tablet-7"), EventChain.Empty, entry));
    }

    [Fact]
    public void The_hash_version_is_stored_with_the_event()
    {
        var device = DeviceId.Parse("acme/tablet-7");
        var stored = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stored))
        {
            EventJson.Write(writer, EventChain.Seal(device, EventChain.Empty, EventJson.Read(Encoding.UTF8.GetBytes(WithoutVersion))));
        }

        var entry = EventJson.Read(stored.ToArray());

        Assert.Equal(EventChain.WithDevice, entry.HashVersion);
        Assert.True(EventChain.IsIntact(device, EventChain.Empty, entry));
        Assert.False(EventChain.IsIntact(DeviceId.Parse("acme/tablet-8"), EventChain.Empty, entry));
    }
}
