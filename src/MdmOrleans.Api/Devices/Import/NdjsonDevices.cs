using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Problems;
using MdmOrleans.Contracts.Http;

namespace MdmOrleans.Api.Devices.Import;

/// <summary>Reads a device from each line of JSON.</summary>
internal static class NdjsonDevices
{
    /// <summary>Of a line, in bytes. A longer one ends the import, since where the next begins is not known.</summary>
    public const int MaxLine = 64 * 1024;

    /// <summary>Blank lines are counted and passed over.</summary>
    public static async IAsyncEnumerable<ImportedDevice> ReadAsync(PipeReader body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 1; await ReadLineAsync(body, cancellationToken) is { } line; number++)
        {
            if (line.Length > MaxLine)
            {
                yield return new ImportedDevice(number, null, ApiProblems.TooLarge(MaxLine));
                yield break;
            }

            if (line.AsSpan().ContainsAnyExcept(" \t\r"u8))
            {
                yield return Parse(number, line);
            }
        }
    }

    private static ImportedDevice Parse(int number, byte[] line)
    {
        var problem = BodyReader.Check(line, HttpJson.Default.DeviceRequest);
        return problem is null
            ? new ImportedDevice(number, JsonSerializer.Deserialize(line, HttpJson.Default.DeviceRequest), null)
            : new ImportedDevice(number, null, problem);
    }

    /// <returns>Without its end; null behind the last one; longer than allowed where no end was found within the limit.</returns>
    private static async ValueTask<byte[]?> ReadLineAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                body.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted || read.Buffer.Length > MaxLine)
            {
                var rest = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return rest.Length == 0 ? null : rest;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
