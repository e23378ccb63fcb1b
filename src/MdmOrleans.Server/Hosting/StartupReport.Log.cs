namespace MdmOrleans.Server.Hosting;

internal sealed partial class StartupReport
{
    [LoggerMessage(5001, LogLevel.Information, "HTTP is ready at {Addresses}")]
    private partial void LogHttp(string addresses);

    [LoggerMessage(5002, LogLevel.Information, "MQTT is ready at {Addresses}")]
    private partial void LogMqtt(string addresses);

    [LoggerMessage(5003, LogLevel.Information, "The database is ready: {Database}")]
    private partial void LogDatabase(string database);

    [LoggerMessage(5004, LogLevel.Information, "The cluster is ready: {ClusterId}, with this silo at {Silo} for {Roles}; active silos: {Active}")]
    private partial void LogCluster(string clusterId, string silo, string roles, int active);

    [LoggerMessage(5005, LogLevel.Information, "The administrator key is in {Path}")]
    private partial void LogKeyFile(string path);

    [LoggerMessage(5006, LogLevel.Information, "The administrator key is the one that Auth:AdminKey sets")]
    private partial void LogKeySetting();

    [LoggerMessage(5007, LogLevel.Information, "The administrator key was made before, and {Directory} has no copy of it")]
    private partial void LogKeyElsewhere(string directory);
}
