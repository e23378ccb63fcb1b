using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.Compliance;

/// <summary>Where the next page of a preview goes on. It carries the counts, so that a page need not judge the fleet again.</summary>
/// <param name="At">The instant of the first page: all of them judge as of it.</param>
internal sealed record PreviewCursor(string After, DateTimeOffset At, bool AsDefault, PreviewCounts Counts)
{
    private const char Separator = '/';
    private const int MaxLength = 1000;

    /// <param name="draft">It means something with the same draft only.</param>
    public string ToText(Utf8Block draft)
    {
        string[] parts = [After, Number(At.UtcTicks), AsDefault ? "1" : "0", .. Counts.ToArray().Select(Number)];
        var payload = string.Join(Separator, parts);
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Checksum(payload, draft)}{Separator}{payload}"));
    }

    /// <returns>Null for anything that <see cref="ToText"/> did not write for the same draft.</returns>
    public static PreviewCursor? Parse(string text, Utf8Block draft)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(Math.Min(text.Length, MaxLength))];
        if (text.Length > MaxLength
            || Base64Url.DecodeFromChars(text, bytes, out _, out var length) is not OperationStatus.Done
            || Encoding.UTF8.GetString(bytes, 0, length).Split(Separator, 2) is not [var checksum, var payload]
            || checksum != Checksum(payload, draft))
        {
            return null;
        }

        // The checksum finds mistakes; it has no key, so whoever wants to can make one.
        return payload.Split(Separator) is [var after, var at, var asDefault, .. var texts]
            && AccessKey.IsName(after)
            && TryRead(at, DateTime.MaxValue.Ticks, out var ticks)
            && asDefault is ("0" or "1")
            && PreviewCounts.TryRead(texts) is { } counts
            ? new PreviewCursor(after, new DateTimeOffset(ticks, TimeSpan.Zero), asDefault == "1", counts)
            : null;
    }

    public static bool TryRead(string text, long most, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;

    private static string Checksum(string payload, Utf8Block draft)
    {
        var hash = new XxHash64();
        hash.Append(draft.Span);
        hash.Append(Encoding.UTF8.GetBytes(payload));
        return hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How many devices are what, before and after.</summary>
internal sealed class PreviewCounts
{
    private static readonly ComplianceStatus[] States = Enum.GetValues<ComplianceStatus>();
    private readonly long[] _before = new long[States.Length];
    private readonly long[] _after = new long[States.Length];

    public IReadOnlyDictionary<string, long> Before => Name(_before);

    public IReadOnlyDictionary<string, long> After => Name(_after);

    /// <summary>Null when these are not the counts of any fleet.</summary>
    public static PreviewCounts? TryRead(string[] texts)
    {
        var read = new PreviewCounts();
        if (texts.Length != 2 * States.Length)
        {
            return null;
        }

        for (var i = 0; i < texts.Length; i++)
        {
            if (!PreviewCursor.TryRead(texts[i], int.MaxValue, out (i < States.Length ? read._before : read._after)[i % States.Length]))
            {
                return null;
            }
        }

        return read;
    }

    public long[] ToArray() => [.. _before, .. _after];

    public void Count(PreviewedDevice device)
    {
        _before[(int)device.Before.Compliance.Status]++;
        _after[(int)device.After.Compliance.Status]++;
    }

    private static Dictionary<string, long> Name(long[] counts) => States.ToDictionary(WireNames.ToWire, state => counts[(int)state]);
}
