using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>A version as the policy writes it, and ready to compare.</summary>
internal sealed record VersionLimit(string Text, DottedVersion Version)
{
    public static VersionLimit? Read(PolicyReading reading, JsonPlace place)
    {
        if (reading.ReadText(place, 65) is not { } text)
        {
            return null;
        }

        if (DottedVersion.TryParse(text, out var version))
        {
            return new VersionLimit(text, version);
        }

        reading.Refuse(place.Path, "must be 1 to 6 dotted numbers, each up to 2147483647");
        return null;
    }
}
