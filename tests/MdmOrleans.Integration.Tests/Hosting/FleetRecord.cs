namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>What one device was promised, and what it was not: exactly, as it came over the wire.</summary>
internal sealed class FleetRecord(string tenant, string device, string token, int version)
{
    public string Tenant => tenant;

    public string Device => device;

    public string Token => token;

    /// <summary>Of MQTT: 4 or 5.</summary>
    public int Version => version;

    public string Boot { get; } = "boot-" + device;

    /// <summary>The check-ins of which the PUBACK came, in order; each said another OS version.</summary>
    public List<int> Acknowledged { get; } = [];

    /// <summary>The newest check-in that was sent, acknowledged or not.</summary>
    public int Sent { get; set; }

    /// <summary>Commands on which the PUBACK of the report came.</summary>
    public HashSet<string> Reported { get; } = [];

    /// <summary>Commands that came again behind the PUBACK of their report.</summary>
    public List<string> AskedAgain { get; } = [];

    /// <summary>Codes of DISCONNECT, of refused publishes and of refused connects.</summary>
    public List<(string What, byte Code)> Refusals { get; } = [];

    /// <summary>Longest time between a check-in and whatever answered it: success, a refusal, or the end of the connection.</summary>
    public TimeSpan SlowestAnswer { get; set; }

    /// <summary>What no server may do.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What the check-in with this number says; every one says something else.</summary>
    public static string OsVersion(int seq) => $"16.5.{seq}";
}
