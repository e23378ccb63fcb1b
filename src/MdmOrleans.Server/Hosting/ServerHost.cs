using System.Security.Cryptography.X509Certificates;
using MdmOrleans.Api;
using MdmOrleans.Api.Health;
using MdmOrleans.Api.Telemetry;
using MdmOrleans.Gateway;
using MdmOrleans.Gateway.Listeners;
using MdmOrleans.Storage;

namespace MdmOrleans.Server.Hosting;

/// <summary>Puts one process together from its settings.</summary>
internal static class ServerHost
{
    /// <exception cref="SettingException">A setting with which it cannot start.</exception>
    public static WebApplication Build(string[] args, string? environment = null, Action<WebApplicationBuilder>? configure = null)
    {
        // What is shipped lies beside the dll; what is configured is relative to the working directory.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            EnvironmentName = environment,
            ContentRootPath = AppContext.BaseDirectory,
        });
        configure?.Invoke(builder);
        var settings = ServerSettings.Read(builder.Configuration, builder.Environment.IsDevelopment());
        builder.Configuration["Storage:Directory"] = settings.Directory;

        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddStorage(settings);
        builder.AddSilo(settings);
        builder.AddListeners(settings); // before the gateway's own, which need the certificate
        if (settings.Roles.HasFlag(Roles.Gateway))
        {
            builder.Services.AddMqttGateway();
        }

        builder.Services.AddMdmHttp();
        builder.Services.AddSingleton<IReadinessCheck, SiloCheck>();
        builder.Services.AddMdmTelemetry();
        if (settings.Roles.HasFlag(Roles.Api))
        {
            builder.Services.AddMdmApi(builder.Configuration);
        }

        var app = builder.Build();
        app.UseMdmHttp();
        app.MapMdmOperations(app.Environment);
        if (settings.Roles.HasFlag(Roles.Api))
        {
            app.MapMdmApi(app.Environment);
        }

        if (settings.Roles.HasFlag(Roles.Gateway))
        {
            app.MapMqtt().AllowAnonymous(); // the identity is in CONNECT
        }

        return app;
    }

    /// <summary>The schema first, since the silo reads it; then everything else.</summary>
    public static async Task StartAsync(WebApplication app)
    {
        var settings = app.Services.GetRequiredService<ServerSettings>();
        DemandPorts(app.Configuration, settings, app.Environment.IsDevelopment());
        var schema = app.Services.GetRequiredService<IStorageSchema>();
        await (settings.MigrateOnStart ? schema.MigrateAsync(CancellationToken.None) : schema.VerifyAsync(CancellationToken.None));
        await app.StartAsync();
    }

    private static void AddStorage(this WebApplicationBuilder builder, ServerSettings settings)
    {
        if (settings.Postgres is { } postgres)
        {
            builder.Services.AddPostgresStorage(postgres);
        }
        else
        {
            builder.Services.AddSqliteStorage(settings.Directory);
        }
    }

    private static void AddListeners(this WebApplicationBuilder builder, ServerSettings settings)
    {
        var hasCertificate = builder.Configuration.GetSection("Kestrel:Certificates:Default").Exists();
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(settings.HttpAddress, settings.HttpPort);
            if (!hasCertificate)
            {
                var made = new Lazy<X509Certificate2>(() => ServerCertificate.LoadOrMake(settings.Directory, TimeProvider.System));
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificateSelector = (_, _) => made.Value);
            }
        });
    }

    private static void DemandPorts(IConfiguration configuration, ServerSettings settings, bool isDevelopment)
    {
        PortCheck.Demand("Http:Port", settings.HttpAddress, settings.HttpPort);
        PortCheck.Demand("Orleans:SiloPort", System.Net.IPAddress.Any, settings.SiloPort);
        PortCheck.Demand("Orleans:GatewayPort", System.Net.IPAddress.Any, settings.GatewayPort);
        if (settings.Roles.HasFlag(Roles.Gateway))
        {
            var mqtt = configuration.GetSection("Mqtt").Get<MqttOptions>() ?? new MqttOptions();
            PortCheck.Demand("Mqtt:TlsPort", System.Net.IPAddress.Any, mqtt.TlsPort);
            PortCheck.Demand("Mqtt:Port", System.Net.IPAddress.Loopback, mqtt.Port ?? (isDevelopment ? 1883 : 0));
        }
    }
}
