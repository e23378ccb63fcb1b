using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MdmOrleans.Contracts;

namespace MdmOrleans.Benchmarks.Load;

/// <summary>What the check-ins of a run say.</summary>
/// <param name="Boot">The same for all devices of the run, and another one in the next run.</param>
/// <param name="At">The devices' clock, and what their patch level is counted from.</param>
/// <param name="Changing">True: every check-in has another OS version, which is one event; false: nothing but <c>seq</c> differs.</param>
/// <param name="Apps">How many apps the posture lists.</param>
internal sealed record CheckInContent(string Boot, DateTimeOffset At, bool Changing, int Apps);

/// <summary>The PUBLISH of a device's check-ins: built once, with holes of fixed width that each further one fills in place.</summary>
internal sealed class CheckInPacket
{
    /// <summary>The first <c>seq</c> is one above: ten digits from the first to the last, so that no byte has to move.</summary>
    private const int BeforeFirst = 1_000_000_000;

    private const string Hole = "##########";

    private readonly byte[] _bytes;
    private readonly int _packetId;
    private readonly List<int> _holes = [];

    public CheckInPacket(Credential credential, CheckInContent content, byte version)
    {
        var payload = Encoding.UTF8.GetBytes(Payload(credential, content));
        var topic = Topics.CheckInUp(Topics.Root(credential.Tenant, credential.Device));
        _bytes = MqttPackets.APublish(topic, payload, version, out _packetId);
        var hole = Encoding.UTF8.GetBytes(Hole);
        for (var at = _bytes.AsSpan().IndexOf(hole); at >= 0; at = _bytes.AsSpan().IndexOf(hole))
        {
            _holes.Add(at);
            Write(at, BeforeFirst);
        }
    }

    public int Seq { get; private set; } = BeforeFirst;

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>What the answer must echo.</summary>
    public ReadOnlySpan<byte> Rid => _bytes.AsSpan(_holes[0], Hole.Length);

    public ReadOnlySpan<byte> PacketId => _bytes.AsSpan(_packetId, 2);

    public static string OsVersion(CheckInContent content, int seq) =>
        string.Create(CultureInfo.InvariantCulture, $"16.5.{(content.Changing ? seq : BeforeFirst)}");

    public void MoveNext()
    {
        Seq++;
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_packetId), (ushort)((Seq & 0x7FFF) + 1));
        foreach (var hole in _holes)
        {
            Write(hole, Seq);
        }
    }

    private void Write(int hole, int number) => Utf8Formatter.TryFormat(number, _bytes.AsSpan(hole, Hole.Length), out _);

    private static string Payload(Credential credential, CheckInContent content)
    {
        var osVersion = content.Changing ? $"16.5.{Hole}" : OsVersion(content, BeforeFirst);
        var apps = Enumerable.Range(1, content.Apps - 1).Select(n => $$""",{"id":"com.vendor{{n:D2}}.business","version":"{{n}}.4.1"}""");
        return $$"""
            {"rid":"{{Hole}}","boot":"{{content.Boot}}","seq":{{Hole}},"at":"{{content.At:yyyy-MM-dd'T'HH:mm:ss'Z'}}",
            "timeZone":"Europe/Berlin","platform":"android","model":"Zebra TC58","serial":"SN-{{credential.Device}}",
            "osVersion":"{{osVersion}}","patchLevel":"{{content.At.AddDays(-19):yyyy-MM-dd}}",
            "encryptionStatus":"encrypted","keyProtectEnabled":true,"jailbroken":false,"passcodeSet":true,
            "apps":[{"id":"com.microsoft.teams","version":"2.1"}{{string.Concat(apps)}}],
            "attributes":{"battery":88,"vpn":{"state":"up"} } }
            """.Replace("\n", "", StringComparison.Ordinal);
    }
}
