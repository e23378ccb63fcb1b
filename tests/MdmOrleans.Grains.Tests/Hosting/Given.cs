using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Tests.Hosting;

/// <summary>Inputs of devices.</summary>
internal static class Given
{
    public static CheckIn ACheckIn(string osVersion, SessionEpoch? session = null) => new()
    {
        Posture = new Posture { Platform = Platform.Android, OsVersion = osVersion, EncryptionStatus = EncryptionStatus.Encrypted },
        Session = session,
    };

    public static Deletion ADeletion(Device device)
    {
        var last = EventChain.Seal(device.Id, device.Chain, new DeviceEvent
        {
            Number = device.Chain.Number + 1,
            At = device.CreatedAt,
            RecordedAt = device.CreatedAt,
            Kind = EventKinds.DeviceDeleted,
            Actor = "key:admin",
            Epoch = device.Epoch,
            Detail = Utf8Block.FromText("{}"),
            Hash = default,
        });
        return new Deletion(last, AuditDocuments.Deletion(device, last, device.CreatedAt));
    }

    /// <summary>The later the number, the newer the connection.</summary>
    public static SessionEpoch ASession(long number) => new(number, number);

    public static string APolicyThatAsksFor(string osVersion) =>
        $$"""{ "name": "Baseline", "rules": [ { "id": "os", "kind": "osVersion", "minimum": { "android": "{{osVersion}}" } } ] }""";
}
