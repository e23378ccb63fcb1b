using System.Text.Json;

namespace MdmOrleans.Core.Compliance.Reading;

/// <summary>Single values: null, and noted, when they are not what is asked for.</summary>
internal static class JsonValues
{
    private const decimal TicksPerHour = TimeSpan.TicksPerHour;

    public static string? ReadText(this PolicyReading reading, JsonPlace place, int maximumLength)
    {
        if (place.Value.ValueKind is JsonValueKind.String
            && place.Value.GetString() is { Length: > 0 } text && text.Length <= maximumLength)
        {
            return text;
        }

        reading.Refuse(place.Path, $"must be a text of 1 to {maximumLength} characters");
        return null;
    }

    public static T? ReadWord<T>(this PolicyReading reading, JsonPlace place, Words<T> words)
        where T : struct, Enum
    {
        if (place.Value.ValueKind is JsonValueKind.String && words.TryRead(place.Value.GetString()!, out var value)) // a string is not null
        {
            return value;
        }

        reading.Refuse(place.Path, $"must be one of {words.List}");
        return null;
    }

    /// <summary>The items of an array with their places.</summary>
    public static List<JsonPlace>? ReadArray(this PolicyReading reading, JsonPlace place, int minimum, int maximum)
    {
        if (place.Value.ValueKind is not JsonValueKind.Array || place.Value.GetArrayLength() < minimum || place.Value.GetArrayLength() > maximum)
        {
            reading.Refuse(place.Path, maximum == int.MaxValue ? $"must be an array of at least {minimum} item" : $"must be an array of {minimum} to {maximum} items");
            return null;
        }

        var items = new List<JsonPlace>(place.Value.GetArrayLength());
        foreach (var item in place.Value.EnumerateArray())
        {
            items.Add(new JsonPlace(item, place.Path.Item(items.Count)));
        }

        return items;
    }

    public static List<JsonPlace>? TakeArray(this JsonScope scope, string member, int minimum, int maximum, bool isNeeded = false) =>
        scope.Take(member, isNeeded) is { } place ? scope.Reading.ReadArray(place, minimum, maximum) : null;

    public static string? TakeText(this JsonScope scope, string member, int maximumLength, bool isNeeded = false) =>
        scope.Take(member, isNeeded) is { } place ? scope.Reading.ReadText(place, maximumLength) : null;

    public static T? TakeWord<T>(this JsonScope scope, string member, Words<T> words, bool isNeeded = false)
        where T : struct, Enum =>
        scope.Take(member, isNeeded) is { } place ? scope.Reading.ReadWord(place, words) : null;

    public static bool? TakeFlag(this JsonScope scope, string member)
    {
        if (scope.Take(member) is not { } place)
        {
            return null;
        }

        if (place.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return place.Value.GetBoolean();
        }

        scope.Refuse(member, "must be true or false");
        return null;
    }

    public static int? TakeWhole(this JsonScope scope, string member, int minimum, int maximum, bool isNeeded = false)
    {
        if (scope.Take(member, isNeeded) is not { } place)
        {
            return null;
        }

        if (TryNumber(place, out var number) && number >= minimum && number <= maximum && decimal.IsInteger(number))
        {
            return (int)number;
        }

        scope.Refuse(member, $"must be a whole number from {minimum} to {maximum}");
        return null;
    }

    /// <summary>Hours, which may be a fraction: from 0, or from more than 0, to <paramref name="maximum"/>.</summary>
    public static TimeSpan? TakeHours(this JsonScope scope, string member, int maximum, bool mayBeZero, bool isNeeded = false)
    {
        if (scope.Take(member, isNeeded) is not { } place)
        {
            return null;
        }

        // Below a tick the fraction rounds to nothing; "more than 0" is asked of what is left.
        if (TryNumber(place, out var number) && number >= 0 && number <= maximum
            && new TimeSpan((long)decimal.Round(number * TicksPerHour)) is var hours && (mayBeZero || hours > TimeSpan.Zero))
        {
            return hours;
        }

        scope.Refuse(member, $"must be a number of hours, {(mayBeZero ? "from 0 to" : "more than 0 up to")} {maximum}");
        return null;
    }

    /// <summary>The hours that <see cref="TakeHours"/> reads back as the same span.</summary>
    public static decimal ToHours(TimeSpan span) => decimal.Round(span.Ticks / TicksPerHour, 12);

    private static bool TryNumber(JsonPlace place, out decimal number)
    {
        number = 0;
        return place.Value.ValueKind is JsonValueKind.Number && place.Value.TryGetDecimal(out number);
    }
}
