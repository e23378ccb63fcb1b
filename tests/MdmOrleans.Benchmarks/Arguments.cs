using System.Globalization;

namespace MdmOrleans.Benchmarks;

/// <summary>The options behind a verb, each <c>--name value</c>.</summary>
/// <remarks>Whatever nobody asked for is refused by <see cref="RefuseRest"/>.</remarks>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    public Arguments(string[] args)
    {
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
            {
                throw new BadArgumentException($"'{args[i]}' is not an option with a value; see --help.");
            }

            _values[args[i][2..]] = args[i + 1];
        }
    }

    public string? Text(string name) => _values.Remove(name, out var value) ? value : null;

    public string Required(string name) => Text(name) ?? throw new BadArgumentException($"--{name} is missing; see --help.");

    public int Integer(string name, int byDefault, int least, int most) => Text(name) switch
    {
        null => byDefault,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most => value,
        _ => throw new BadArgumentException($"--{name} is a number from {least} to {most}."),
    };

    public string OneOf(string name, string byDefault, params string[] allowed) =>
        (Text(name) ?? byDefault) is var value && allowed.Contains(value)
            ? value
            : throw new BadArgumentException($"--{name} is one of {string.Join(", ", allowed)}.");

    public void RefuseRest()
    {
        if (_values.Count > 0)
        {
            throw new BadArgumentException($"There is no option --{_values.Keys.First()}; see --help.");
        }
    }
}

internal sealed class BadArgumentException(string message) : Exception(message);
