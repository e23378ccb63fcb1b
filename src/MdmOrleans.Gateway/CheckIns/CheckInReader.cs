using System.Buffers.Text;
using System.Text.Json;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using MdmOrleans.Gateway.Payloads;

namespace MdmOrleans.Gateway.CheckIns;

/// <summary>A check-in, or what is wrong with it.</summary>
/// <param name="Rid">Set as far as it was read, also where the rest is wrong.</param>
/// <param name="CheckIn">Null exactly where there is a <paramref name="Problem"/>.</param>
internal readonly record struct CheckInReading(string? Rid, CheckIn? CheckIn, Problem? Problem);

/// <summary>Reads the payload of <c>up/checkin</c> straight into the domain's own types.</summary>
internal static class CheckInReader
{
    /// <summary>Longest <c>rid</c> and <c>boot</c>, in characters.</summary>
    public const int MaximumIdLength = 128;

    /// <summary>Longest <c>model</c>, <c>serial</c> and <c>timeZone</c>, and longest id or version of an app, in characters.</summary>
    public const int MaximumTextLength = 256;

    private const int MaximumPacket = 65_536;

    private const string Platforms = "android, ios, ipados, macos, windows, linux or other";
    private const string EncryptionStatuses = "encrypted, unencrypted, encrypting or unknown";

    private static readonly MemberTable Members = new(
        "rid", "boot", "seq", "at", "timeZone", "platform", "model", "serial", "osVersion", "patchLevel",
        "encryptionStatus", "keyProtectEnabled", "jailbroken", "passcodeSet", "apps", "attributes");

    private static readonly ItemRules App = new("apps", "id", "version", MaximumTextLength);

    /// <param name="session">The connection that brought it.</param>
    /// <param name="epoch">The enrollment epoch of that connection's credential.</param>
    public static CheckInReading Read(ReadOnlySpan<byte> payload, SessionEpoch session, int epoch)
    {
        var draft = default(Draft);
        var reader = new PayloadReader(payload);
        try
        {
            if (reader.TryBegin())
            {
                ReadMembers(ref reader, ref draft);
            }
        }
        catch (JsonException)
        {
            return new CheckInReading(draft.Rid, null, reader.Malformed);
        }

        var problem = reader.Problem ?? draft.FindMissing();
        return new CheckInReading(draft.Rid, problem is null ? draft.ToCheckIn(session, epoch) : null, problem);
    }

    private static void ReadMembers(ref PayloadReader reader, ref Draft draft)
    {
        var member = -1;
        while (reader.MoveNext(Members, ref member))
        {
            switch (member)
            {
                case 0: draft.Rid = reader.ReadString("rid", MaximumIdLength); break;
                case 1: draft.Boot = reader.ReadString("boot", MaximumIdLength); break;
                case 2: draft.Seq = reader.ReadCounter("seq"); break;
                case 3: draft.At = reader.ReadInstant("at"); break;
                case 4: draft.TimeZone = reader.ReadString("timeZone", MaximumTextLength); break;
                case 5: draft.Platform = reader.ReadWord("platform", WireNames.ToPlatform, Platforms); break;
                case 6: draft.Model = reader.ReadString("model", MaximumTextLength); break;
                case 7: draft.Serial = reader.ReadString("serial", MaximumTextLength); break;
                case 8: draft.OsVersion = ReadVersion(ref reader); break;
                case 9: draft.PatchLevel = ReadDate(ref reader); break;
                case 10: draft.Encryption = reader.ReadWord("encryptionStatus", WireNames.ToEncryptionStatus, EncryptionStatuses); break;
                case 11: draft.KeyProtectEnabled = reader.ReadBoolean("keyProtectEnabled"); break;
                case 12: draft.Jailbroken = reader.ReadBoolean("jailbroken"); break;
                case 13: draft.PasscodeSet = reader.ReadBoolean("passcodeSet"); break;
                case 14: draft.Apps = reader.ReadArray("apps", App); break;
                case 15: draft.Attributes = reader.ReadObject("attributes", MaximumPacket); break;
            }
        }
    }

    private static DateOnly? ReadDate(ref PayloadReader reader)
    {
        var text = reader.ReadText("patchLevel");
        return text.Length == 10 && text[4] == '-' && text[7] == '-'
            && TryReadDigits(text[..4], out var year) && TryReadDigits(text[5..7], out var month) && TryReadDigits(text[8..], out var day)
            && year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : reader.Refuse<DateOnly>("patchLevel", "a day like 2026-11-05");
    }

    private static string? ReadVersion(ref PayloadReader reader)
    {
        var text = reader.ReadText("osVersion");
        if (IsVersion(text))
        {
            return System.Text.Encoding.ASCII.GetString(text);
        }

        reader.Refuse<int>("osVersion", "1 to 6 dotted numbers, each up to 2147483647");
        return null;
    }

    private static bool IsVersion(ReadOnlySpan<byte> text)
    {
        for (var part = 1; part <= 6; part++)
        {
            var dot = text.IndexOf((byte)'.');
            if (!TryReadDigits(dot < 0 ? text : text[..dot], out _))
            {
                return false;
            }

            if (dot < 0)
            {
                return true;
            }

            text = text[(dot + 1)..];
        }

        return false;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        return digits.Length is >= 1 and <= 10 && char.IsAsciiDigit((char)digits[0])
            && Utf8Parser.TryParse(digits, out value, out var read) && read == digits.Length;
    }

    /// <summary>What has been read so far.</summary>
    private struct Draft
    {
        public string? Rid;
        public string? Boot;
        public long? Seq;
        public DateTimeOffset? At;
        public string? TimeZone;
        public Platform? Platform;
        public string? Model;
        public string? Serial;
        public string? OsVersion;
        public DateOnly? PatchLevel;
        public EncryptionStatus? Encryption;
        public bool? KeyProtectEnabled;
        public bool? Jailbroken;
        public bool? PasscodeSet;
        public Utf8Block Apps;
        public Utf8Block Attributes;

        public readonly Problem? FindMissing() =>
            Platform is null ? PayloadProblems.Missing("platform")
            : OsVersion is null ? PayloadProblems.Missing("osVersion")
            : Encryption is null ? PayloadProblems.Missing("encryptionStatus")
            : null;

        /// <summary>Only where nothing is missing.</summary>
        public readonly CheckIn ToCheckIn(SessionEpoch session, int epoch) => new()
        {
            Posture = new Posture
            {
                Platform = Platform.GetValueOrDefault(),
                OsVersion = OsVersion ?? string.Empty,
                EncryptionStatus = Encryption.GetValueOrDefault(),
                KeyProtectEnabled = KeyProtectEnabled,
                Jailbroken = Jailbroken,
                PasscodeSet = PasscodeSet,
                PatchLevel = PatchLevel,
                Model = Model,
                Serial = Serial,
                TimeZone = TimeZone,
                Apps = Apps,
                Attributes = Attributes,
            },
            Boot = Boot,
            Seq = Seq,
            At = At,
            Session = session,
            Epoch = epoch,
        };
    }
}
