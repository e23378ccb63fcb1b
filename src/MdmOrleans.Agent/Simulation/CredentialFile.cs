using System.Text.Json;

namespace MdmOrleans.Agent.Simulation;

/// <summary>Credentials of a fleet as JSON lines, readable by their owner only.</summary>
public static class CredentialFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="InvalidDataException">A line is not a credential; says which.</exception>
    public static async Task<IReadOnlyList<FleetCredential>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var credentials = new List<FleetCredential>();
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                credentials.Add(Parse(line) ?? throw new InvalidDataException($"Line {number} of {path} is not a device's credential."));
            }
        }

        return credentials;
    }

    /// <summary>Appends as they come, so that a run that breaks off loses no token that was already issued.</summary>
    public static async Task AppendAsync(string path, IAsyncEnumerable<FleetCredential> credentials, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        await using var file = new StreamWriter(path, options);
        await foreach (var credential in credentials.WithCancellation(cancellationToken))
        {
            await file.WriteLineAsync(JsonSerializer.Serialize(credential, CredentialJson.Default.FleetCredential).AsMemory(), cancellationToken);
            await file.FlushAsync(cancellationToken);
        }
    }

    // The text of the exception would quote the line, and with it the token.
    private static FleetCredential? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CredentialJson.Default.FleetCredential);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
