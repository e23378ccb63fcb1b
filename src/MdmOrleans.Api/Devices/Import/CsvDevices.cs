using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using MdmOrleans.Api.Problems;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Core;

namespace MdmOrleans.Api.Devices.Import;

/// <summary>Reads a device from each row of CSV (RFC 4180) below a header of <c>device,platform,serial,policy,label.NAME…</c>.</summary>
internal static class CsvDevices
{
    private const string LabelPrefix = "label.";
    private const int MaxField = 4096;
    private static readonly string[] Columns = ["device", "platform", "serial", "policy"];

    // Strict, so that what is not UTF-8 is an error and not a device with other letters.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>An empty field is absent. The columns may stand in any order; only <c>device</c> is required.</summary>
    public static async IAsyncEnumerable<ImportedDevice> ReadAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(body, Utf8);
        using var csv = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            MaxFieldSize = MaxField,
            Mode = CsvMode.RFC4180,
            CacheFields = false,
        });
        if (await NextAsync(csv, 1, cancellationToken) is { Problem: { } unreadable })
        {
            yield return new ImportedDevice(1, null, unreadable);
            yield break;
        }

        var header = csv.Record ?? [];
        if (CheckHeader(header) is { } problem)
        {
            yield return new ImportedDevice(1, null, problem);
            yield break;
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (hasRow, bad) = await NextAsync(csv, csv.RawRow + 1, cancellationToken);
            if (bad is not null)
            {
                yield return new ImportedDevice(csv.RawRow, null, bad);
                yield break; // behind a quote that never closes nothing can be told apart
            }

            if (!hasRow)
            {
                yield break;
            }

            yield return Parse(csv.RawRow, header, csv.Record!); // there is a row
        }
    }

    private static async Task<(bool HasRow, Problem? Problem)> NextAsync(CsvParser csv, int line, CancellationToken cancellationToken)
    {
        try
        {
            return (await csv.ReadAsync().WaitAsync(cancellationToken), null);
        }
        catch (Exception e) when (e is CsvHelperException or DecoderFallbackException)
        {
            return (false, ApiProblems.MalformedCsv($"Line {line} is not CSV in UTF-8, or has a field of more than {MaxField} characters; the lines behind it were not read."));
        }
    }

    private static Problem? CheckHeader(string[] header)
    {
        var unknown = header.FirstOrDefault(name => !Columns.Contains(name) && !name.StartsWith(LabelPrefix, StringComparison.Ordinal));
        return !header.Contains("device") ? ApiProblems.MalformedCsv("The header has no column 'device'.")
            : unknown is not null ? ApiProblems.MalformedCsv($"The header has a column '{Shorten(unknown)}'; columns are device, platform, serial, policy and label.NAME.")
            : header.Distinct(StringComparer.Ordinal).Count() < header.Length ? ApiProblems.MalformedCsv("The header has a column twice.")
            : null;
    }

    private static ImportedDevice Parse(int line, string[] header, string[] row)
    {
        if (row.Length != header.Length)
        {
            return new ImportedDevice(line, null, ApiProblems.MalformedCsv($"The row has {row.Length} fields and the header {header.Length}."));
        }

        var fields = header.Zip(row).Where(field => field.Second.Length > 0).ToDictionary(field => field.First, field => field.Second, StringComparer.Ordinal);
        var labels = fields.Where(field => field.Key.StartsWith(LabelPrefix, StringComparison.Ordinal))
            .ToDictionary(field => field.Key[LabelPrefix.Length..], field => field.Value, StringComparer.Ordinal);
        var request = new DeviceRequest
        {
            Device = fields.GetValueOrDefault("device", string.Empty),
            Platform = fields.GetValueOrDefault("platform"),
            Serial = fields.GetValueOrDefault("serial"),
            Policy = fields.GetValueOrDefault("policy"),
            Labels = labels.Count == 0 ? null : labels,
        };
        return new ImportedDevice(line, request, null);
    }

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
