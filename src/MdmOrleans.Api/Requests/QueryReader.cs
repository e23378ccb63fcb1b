using System.Globalization;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Requests;

/// <summary>Reads query parameters, and remembers the first one that is wrong.</summary>
internal sealed class QueryReader(HttpRequest request)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    /// <summary>Null as long as all that was asked for could be read.</summary>
    public Problem? Problem { get; private set; }

    public int Limit() => (int)(Number("limit", 1, MaxLimit) ?? DefaultLimit);

    public long? Number(string name, long min, long max)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Refuse(max == long.MaxValue ? $"{name} must be a whole number from {min} on." : $"{name} must be a whole number from {min} to {max}.");
        return null;
    }

    /// <summary>One of the names that <paramref name="toWire"/> gives to the values of <typeparamref name="T"/>.</summary>
    public T? Choice<T>(string name, Func<T, string> toWire)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (WireName.Read(text, toWire) is { } value)
        {
            return value;
        }

        Refuse($"{name} must be one of {string.Join(", ", Enum.GetValues<T>().Select(toWire))}.");
        return null;
    }

    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (WireName.TryReadInstant(text, out var instant))
        {
            return instant;
        }

        Refuse($"{name} must be an RFC 3339 instant, e.g. 2026-11-24T03:00:00Z.");
        return null;
    }

    /// <summary>Text that passes <paramref name="isValid"/>; null when it is absent.</summary>
    public string? Text(string name, Func<string, bool> isValid, string otherwise)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (isValid(text))
        {
            return text;
        }

        Refuse($"{name} {otherwise}");
        return null;
    }

    /// <summary>As it stands there; null when it is absent.</summary>
    public string? Text(string name)
    {
        var values = request.Query[name];
        if (values.Count > 1)
        {
            Refuse($"{name} is duplicated.");
        }

        return values.Count == 0 ? null : values[0];
    }

    public void Refuse(string detail) => Problem ??= ApiProblems.InvalidQuery(detail);
}
