namespace MdmOrleans.Server.Hosting;

internal sealed partial class ServerCertificate
{
    [LoggerMessage(1410, LogLevel.Information, "The server certificate {Path} has changed; new connections get the new one, which expires on {NotAfter:u}")]
    private partial void LogReplaced(string path, DateTime notAfter);

    [LoggerMessage(1411, LogLevel.Warning, "The server certificate {Path} has changed and cannot be used; the one before stays in force")]
    private partial void LogKept(Exception exception, string path);
}
