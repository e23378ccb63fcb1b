using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MdmOrleans.Agent.Verbs;

/// <summary>Something is wrong with what the agent was started with; the message is a sentence for whoever started it.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Settings from the command line (<c>--token-file x</c>) and, below it, the environment (<c>MDM_TOKEN_FILE=x</c>).</summary>
internal sealed class Arguments
{
    // Command lines are readable by every user of the machine.
    private static readonly string[] Secrets = ["token", "admin-key"];

    private readonly Dictionary<string, string> _values;
    private readonly Func<string, string?> _environment;

    private Arguments(Dictionary<string, string> values, Func<string, string?> environment) => (_values, _environment) = (values, environment);

    /// <param name="known">Names of the options, without the dashes.</param>
    public static Arguments Parse(ReadOnlySpan<string> args, IReadOnlyCollection<string> known, Func<string, string?> environment)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                throw new UsageException($"'{name}' is not an option.");
            }

            name = name[2..];
            if (Secrets.Contains(name))
            {
                throw new UsageException($"--{name} would show a secret to every user of this machine: use --{name}-file or {Variable(name)}.");
            }

            if (!known.Contains(name))
            {
                throw new UsageException($"There is no option --{name}.");
            }

            values[name] = value ?? (++i < args.Length ? args[i] : throw new UsageException($"--{name} needs a value."));
        }

        return new Arguments(values, environment);
    }

    public string? Find(string name) => _values.GetValueOrDefault(name) ?? (_environment(Variable(name)) is { Length: > 0 } value ? value : null);

    public string Get(string name) => Find(name) ?? throw new UsageException($"--{name} or {Variable(name)} is missing.");

    public bool GetFlag(string name) => Find(name) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw new UsageException($"--{name} must be true or false, not '{other}'."),
    };

    public double GetNumber(string name, double fallback, double atLeast) => Find(name) switch
    {
        null => fallback,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= atLeast => number,
        var text => throw new UsageException(
            string.Create(CultureInfo.InvariantCulture, $"--{name} must be a number of at least {atLeast}, not '{text}'.")),
    };

    public Uri GetUri(string name, params string[] schemes) =>
        Uri.TryCreate(Get(name), UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme)
            ? uri
            : throw new UsageException($"--{name} must be an address that begins with {string.Join(", ", schemes.Select(s => s + "://"))}, not '{Get(name)}'.");

    /// <summary>From the file that <c>--{name}-file</c> names, else from the environment; never from the command line.</summary>
    public string GetSecret(string name) =>
        Find($"{name}-file") is { } file ? ReadFile($"{name}-file", file)
        : _environment(Variable(name)) is { Length: > 0 } value ? value
        : throw new UsageException($"--{name}-file, {Variable($"{name}-file")} or {Variable(name)} is missing.");

    /// <summary>Null: the system's roots.</summary>
    public X509Certificate2Collection? GetRoots(string name)
    {
        if (Find(name) is not { } file)
        {
            return null;
        }

        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(ReadFile(name, file));
        }
        catch (CryptographicException)
        {
            throw new UsageException($"--{name}: {file} is not a certificate in PEM form.");
        }

        return roots.Count > 0 ? roots : throw new UsageException($"--{name}: {file} has no certificate in PEM form.");
    }

    private static string ReadFile(string name, string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : throw new UsageException($"--{name}: {path} is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--{name}: {e.Message}");
        }
    }

    private static string Variable(string name) => $"MDM_{name.Replace('-', '_').ToUpperInvariant()}";
}
