using System.Globalization;

namespace MdmOrleans.Benchmarks.Load;

/// <summary>Every check-in whose PUBACK came, to prove that none is lost: <c>tenant,device,boot,seq,osVersion</c> in a line.</summary>
internal sealed class Journal(string path, CheckInContent content) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file = new(path) { NewLine = "\n" };

    public void Add(DeviceConnection connection)
    {
        var osVersion = CheckInPacket.OsVersion(content, connection.Seq);
        lock (_gate)
        {
            _file.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{connection.Credential.Tenant},{connection.Credential.Device},{content.Boot},{connection.Seq},{osVersion}"));
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            _file.Flush();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }
}
