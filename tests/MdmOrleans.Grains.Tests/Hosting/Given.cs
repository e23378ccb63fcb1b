using MdmOrleans.Core.CheckIns;
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

    /// <summary>The later the number, the newer the connection.</summary>
    public static SessionEpoch ASession(long number) => new(number, number);

    public static string APolicyThatAsksFor(string osVersion) =>
        $$"""{ "name": "Baseline", "rules": [ { "id": "os", "kind": "osVersion", "minimum": { "android": "{{osVersion}}" } } ] }""";
}
