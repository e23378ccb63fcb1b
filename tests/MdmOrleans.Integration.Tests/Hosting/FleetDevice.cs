using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using MdmOrleans.Contracts;
using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>One device: checks in without a pause, obeys at once, comes back when cut off, repeats what was not acknowledged.</summary>
internal sealed class FleetDevice(FleetRecord record, int port, Action acknowledged)
{
    private const int LongestPauseMilliseconds = 400;
    private const ushort FirstReportId = 30_000;
    private readonly string _root = Topics.Root(record.Tenant, record.Device);
    private readonly Dictionary<ushort, string> _reports = [];
    private FleetConnection _connection = null!; // set before anything is said
    private long _sentAt;
    private bool _isAcknowledged;
    private bool _isAnswered;
    private ushort _lastReport = FirstReportId;

    /// <summary>Until <paramref name="last"/> says that it is enough; then it ends behind the next acknowledgment.</summary>
    public async Task RunAsync(CancellationToken last, CancellationToken cancellationToken)
    {
        while (!last.IsCancellationRequested || record.Acknowledged.Count < record.Sent)
        {
            try
            {
                await using var connection = await FleetConnection.OpenAsync(port, cancellationToken);
                _connection = connection;
                if (await ConverseAsync(last, cancellationToken))
                {
                    return;
                }
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                Settle(); // cut off: what was in flight is sent again
            }

            await PauseAsync(cancellationToken);
        }
    }

    /// <summary>True when it was told to end, and nothing is open.</summary>
    private async Task<bool> ConverseAsync(CancellationToken last, CancellationToken cancellationToken)
    {
        var (version, name) = (record.Version, $"{record.Tenant}:{record.Device}");
        await _connection.SendAsync(Packets.Connect(version, name, password: record.Token), cancellationToken);
        if (await _connection.ReadAsync(cancellationToken) is not { Header: 0x20 } answer)
        {
            return false;
        }

        if (answer.Body[1] != 0)
        {
            record.Refusals.Add(("connect", answer.Body[1]));
            return false;
        }

        _reports.Clear();
        await CheckInAsync(cancellationToken);
        while (await _connection.ReadAsync(cancellationToken) is { } packet)
        {
            if (!await HandleAsync(packet, cancellationToken))
            {
                break;
            }

            if (!_isAcknowledged || !_isAnswered)
            {
                continue;
            }

            if (last.IsCancellationRequested && _reports.Count == 0)
            {
                await _connection.SendAsync(Packets.Disconnect, cancellationToken);
                return true;
            }

            if (!last.IsCancellationRequested)
            {
                await CheckInAsync(cancellationToken);
            }
        }

        Settle();
        return false;
    }

    private ValueTask CheckInAsync(CancellationToken cancellationToken)
    {
        record.Sent = record.Acknowledged.Count + 1; // the same again until it is acknowledged
        (_isAcknowledged, _isAnswered, _sentAt) = (false, false, Stopwatch.GetTimestamp());
        var payload = $$"""
            {"rid":"{{record.Sent}}","boot":"{{record.Boot}}","seq":{{record.Sent}},
            "platform":"android","model":"Zebra TC58","serial":"SN-{{record.Device}}","osVersion":"{{FleetRecord.OsVersion(record.Sent)}}",
            "encryptionStatus":"encrypted","passcodeSet":true,"attributes":{"battery":88} }
            """;
        var packet = Packets.Publish(record.Version, Topics.CheckInUp(_root), payload, CheckInId);
        return _connection.SendAsync(packet, cancellationToken);
    }

    private ushort CheckInId => (ushort)((record.Sent % 20_000) + 1);

    /// <summary>False when the server ends the connection.</summary>
    private async ValueTask<bool> HandleAsync(Received packet, CancellationToken cancellationToken)
    {
        switch (packet.Header & 0xF0)
        {
            case 0x40 when packet.PacketId == CheckInId && !_isAcknowledged:
                await HandleCheckInAckAsync(packet.Body.Length > 2 ? packet.Body[2] : (byte)0, cancellationToken);
                return true;
            case 0x40 when _reports.Remove(packet.PacketId, out var command):
                HandleReportAck(command, packet.Body.Length > 2 ? packet.Body[2] : (byte)0);
                return true;
            case 0x30:
                await HandlePublishAsync(packet, cancellationToken);
                return true;
            case 0xE0:
                record.Refusals.Add(("disconnect", packet.Body is [var code, ..] ? code : (byte)0));
                return false;
            default:
                record.Faults.Add($"a packet {packet.Header:X2} that nobody expected");
                return false;
        }
    }

    private async ValueTask HandleCheckInAckAsync(byte code, CancellationToken cancellationToken)
    {
        Settle();
        if (code != 0)
        {
            record.Refusals.Add(("publish", code));
            await PauseAsync(cancellationToken);
            await CheckInAsync(cancellationToken);
            return;
        }

        _isAcknowledged = true;
        record.Acknowledged.Add(record.Sent);
        acknowledged();
    }

    private void HandleReportAck(string command, byte code)
    {
        if (code == 0)
        {
            record.Reported.Add(command);
        }
        else
        {
            record.Refusals.Add(("report", code)); // it will be offered again
        }
    }

    private async ValueTask HandlePublishAsync(Received packet, CancellationToken cancellationToken)
    {
        if (packet.QoS > 0)
        {
            await _connection.SendAsync(Packets.PubAck(packet.PublishId), cancellationToken);
        }

        if (packet.Topic == Topics.CheckInDown(_root))
        {
            _isAnswered = true;
            using var answer = JsonDocument.Parse(packet.Payload(record.Version));
            foreach (var command in answer.RootElement.GetProperty("commands").EnumerateArray())
            {
                await ObeyAsync(command.GetProperty("id").GetString()!, cancellationToken); // every command has one
            }
        }
        else if (packet.Topic.StartsWith(Topics.CommandDown(_root, ""), StringComparison.Ordinal))
        {
            await ObeyAsync(packet.Topic[(packet.Topic.LastIndexOf('/') + 1)..], cancellationToken);
        }
    }

    private async ValueTask ObeyAsync(string command, CancellationToken cancellationToken)
    {
        if (record.Reported.Contains(command))
        {
            record.AskedAgain.Add(command);
            return;
        }

        if (!_reports.ContainsValue(command))
        {
            _reports.Add(++_lastReport, command);
            var report = Packets.Publish(record.Version, Topics.CommandUp(_root, command), """{ "status": "succeeded" }""", _lastReport);
            await _connection.SendAsync(report, cancellationToken);
        }
    }

    private void Settle()
    {
        var elapsed = Stopwatch.GetElapsedTime(_sentAt);
        if (!_isAcknowledged && record.Sent > 0 && elapsed > record.SlowestAnswer)
        {
            record.SlowestAnswer = elapsed;
        }
    }

    private static Task PauseAsync(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(50, LongestPauseMilliseconds)), TimeProvider.System, cancellationToken);
}
