using System.Buffers;
using System.Globalization;
using System.Text.Json;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Simulation.Devices;

/// <summary>What a simulated device says about itself.</summary>
internal static class SimulatedPosture
{
    // A device that is put in order encrypts for a day before it is encrypted.
    private const double HoursToEncrypt = 24;

    public static CheckInMessage Of(DeviceTraits traits, SimulatedState state) => new()
    {
        Platform = traits.Platform.Platform,
        Model = traits.Model,
        Serial = traits.Serial,
        TimeZone = traits.TimeZone,
        OsVersion = traits.Platform.Version(state.Release),
        PatchLevel = state.PatchedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        EncryptionStatus = EncryptionOf(traits, state),
        KeyProtectEnabled = true,
        Jailbroken = traits.Flaw == Flaw.Jailbroken && state.IsFlawed,
        PasscodeSet = !traits.IsKiosk,
        Apps = state.Apps,
        Attributes = AttributesOf(traits, state),
    };

    /// <summary>From full down to a fifth in 16 hours, and back on the charger.</summary>
    public static int? BatteryOf(DeviceTraits traits, SimulatedState state) =>
        traits.Platform.HasBattery ? 100 - (int)((state.Hours * 5 + traits.BatteryPhase) % 80) : null;

    private static string EncryptionOf(DeviceTraits traits, SimulatedState state) =>
        traits.Flaw != Flaw.Unencrypted || !state.IsFlawed ? EncryptionStatusNames.Encrypted
        : state.FlawTurnsAt - state.Hours < HoursToEncrypt ? EncryptionStatusNames.Encrypting
        : EncryptionStatusNames.Unencrypted;

    private static JsonElement AttributesOf(DeviceTraits traits, SimulatedState state)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (BatteryOf(traits, state) is { } battery)
            {
                json.WriteNumber("battery", battery);
            }

            json.WriteStartObject("vpn");
            json.WriteString("state", state.IsVpnUp ? "up" : "down");
            json.WriteEndObject();
            json.WriteBoolean("kiosk", traits.IsKiosk);
            json.WriteBoolean("locked", state.IsLocked);
            json.WriteBoolean("lostMode", state.IsLost);
            if (state.Name is { } name)
            {
                json.WriteString("name", name);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
