namespace MdmOrleans.Benchmarks.Load;

/// <summary>A device and its token. In a file it is one line of three words.</summary>
internal sealed record Credential(string Tenant, string Device, string Token)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static Credential[] Read(string path) =>
        [.. File.ReadLines(path).Select(line => line.Split(' ')).Select(words => new Credential(words[0], words[1], words[2]))];

    /// <summary>Readable by the owner only.</summary>
    public static async Task WriteAsync(string path, IEnumerable<Credential> credentials, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        await using var file = new StreamWriter(path, options);
        foreach (var (tenant, device, token) in credentials)
        {
            await file.WriteLineAsync($"{tenant} {device} {token}".AsMemory(), cancellationToken);
        }
    }

    /// <summary>The record's own would print the token.</summary>
    public override string ToString() => $"{Tenant}:{Device}";
}
