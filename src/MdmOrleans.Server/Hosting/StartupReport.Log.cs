namespace MdmOrleans.Server.Hosting;

internal sealed partial class StartupReport
{
    [LoggerMessage(6101, LogLevel.Information, "HTTP is ready at {Addresses}")]
    private partial void LogHttp(string addresses);

    [LoggerMessage(6102, LogLevel.Information, "MQTT is ready at {Addresses}")]
    private partial void LogMqtt(string addresses);

    [LoggerMessage(6103, LogLevel.Information, "The database is ready: {Database}")]
    private partial void LogDatabase(string database);

    [LoggerMessage(6104, LogLevel.Information, "The cluster is ready: {ClusterId}, with this silo at {Silo} for {Roles}; active silos: {Active}")]
    private partial void LogCluster(string clusterId, string silo, string roles, int active);

    [LoggerMessage(6105, LogLevel.Information, "The administrator key is in {Path}")]
    private partial void LogKeyFile(string path);

    [LoggerMessage(6106, LogLevel.Information, "The administrator key is the one that Auth:AdminKey sets")]
    private partial void LogKeySetting();

    [LoggerMessage(6107, LogLevel.Information, "The administrator key was made before, and {Directory} has no copy of it")]
    private partial void LogKeyElsewhere(string directory);
}
