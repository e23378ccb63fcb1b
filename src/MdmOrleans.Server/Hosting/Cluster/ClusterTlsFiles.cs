namespace MdmOrleans.Server.Hosting.Cluster;

/// <summary>Section <c>Orleans:Tls</c>: PEM files, absolute here.</summary>
/// <param name="Certificate">Of this server, for server and client authentication.</param>
/// <param name="Authority">Every other server, and every client, has its certificate from here.</param>
internal sealed record ClusterTlsFiles(string Certificate, string Key, string Authority)
{
    public const string CertificateKey = "Orleans:Tls:Certificate";
    public const string KeyKey = "Orleans:Tls:Key";
    public const string AuthorityKey = "Orleans:Tls:Authority";

    /// <returns>Null where none of the three is set.</returns>
    /// <exception cref="SettingException">Only some of them are set.</exception>
    public static ClusterTlsFiles? Read(IConfiguration configuration)
    {
        string[] keys = [CertificateKey, KeyKey, AuthorityKey];
        var paths = Array.ConvertAll(keys, key => configuration[key]);
        return paths switch
        {
            [null, null, null] => null,
            [{ } certificate, { } key, { } authority] =>
                new ClusterTlsFiles(Path.GetFullPath(certificate), Path.GetFullPath(key), Path.GetFullPath(authority)),
            _ => throw new SettingException($"{keys[Array.IndexOf(paths, null)]} is not set; mutual TLS takes {string.Join(", ", keys[..2])} and {keys[2]}."),
        };
    }
}
