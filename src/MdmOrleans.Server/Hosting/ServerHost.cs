using System.Security.Cryptography;
using MdmOrleans.Api;
using MdmOrleans.Api.Health;
using MdmOrleans.Api.Limits;
using MdmOrleans.Api.Telemetry;
using MdmOrleans.Core.Audit;
using MdmOrleans.Gateway;
using MdmOrleans.Gateway.Listeners;
using MdmOrleans.Grains.Clocks;
using MdmOrleans.Server.Hosting.Cluster;
using MdmOrleans.Storage;

namespace MdmOrleans.Server.Hosting;

/// <summary>Puts one process together from its settings.</summary>
internal static partial class ServerHost
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
        SettingCheck.Demand(builder.Configuration);
        var settings = ServerSettings.Read(builder.Configuration, builder.Environment.IsDevelopment());
        builder.Configuration["Storage:Directory"] = settings.Directory;

        builder.Services.AddSingleton(settings);
        builder.AddClock();
        builder.Services.AddSingleton<StartupReport>();
        builder.Services.AddSingleton(_ => AnchorKeyFile.LoadOrMake(settings));
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

        var app = BuildApplication(builder);
        app.UseMdmHttp();
        app.MapMdmOperations(app.Environment);
        if (settings.Roles.HasFlag(Roles.Api))
        {
            app.MapMdmApi(app.Environment);
        }

        if (settings.Roles.HasFlag(Roles.Gateway))
        {
            app.MapMqtt().AllowAnonymous().WithMetadata(new BoundsItself()); // the identity is in CONNECT
        }

        return app;
    }

    /// <summary>Runs it until it is told to stop, and stops it in order, at whatever moment that comes.</summary>
    /// <param name="work">What to do once it has started; its token is canceled when the process is to end.</param>
    public static async Task RunAsync(WebApplication app, Func<CancellationToken, Task> work, CancellationToken stop)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop, app.Lifetime.ApplicationStopping);
        var hasStarted = false;
        try
        {
            await StartAsync(app, stop);
            hasStarted = true;
            await work(stopping.Token);
            await UntilAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (hasStarted && stopping.IsCancellationRequested)
        {
            // The work was cut short, as it was to be.
        }
        catch (Exception e) when (!hasStarted && stop.IsCancellationRequested) // a start that is cut short fails in many ways
        {
            Logger(app).LogStoppedEarly();
            Logger(app).LogStartFailed(e);
        }

        await StopAsync(app, hasStarted);
    }

    /// <summary>The schema first, since the silo reads it; then everything else.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        var settings = app.Services.GetRequiredService<ServerSettings>();
        ClusterConnections.Demand(settings, app.Environment.IsDevelopment());
        app.Services.GetService<ClusterCertificates>()?.Demand();
        PortCheck.DemandAll(app.Configuration, settings, app.Environment.IsDevelopment());
        DataDirectory.Prepare(settings.Directory, Logger(app));
        _ = app.Services.GetRequiredService<AnchorKey>(); // now, where a failure is a sentence
        app.Services.GetService<ServerCertificate>()?.Load(); // now, where a failure is a sentence, and not in a handshake
        var schema = app.Services.GetRequiredService<IStorageSchema>();
        await (settings.MigrateOnStart ? schema.MigrateAsync(stop) : schema.VerifyAsync(stop));
        await app.Services.GetRequiredService<ClockWatch>().BeginAsync(stop);
        await app.StartAsync(stop);
        app.Services.GetRequiredService<StartupReport>().Write();
    }

    /// <summary>Also where only a part of it has started: the cluster must hear that this silo leaves.</summary>
    private static async Task StopAsync(WebApplication app, bool hasStarted)
    {
        try
        {
            await app.StopAsync(CancellationToken.None);
        }
        catch (Exception e) when (!hasStarted) // what never ran cannot be stopped; Orleans says so with an exception
        {
            Logger(app).LogStartFailed(e);
        }
    }

    internal static ILogger Logger(WebApplication app) => app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ServerHost));

    private static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }

    private static WebApplication BuildApplication(WebApplicationBuilder builder)
    {
        try
        {
            return builder.Build();
        }
        catch (CryptographicException e) // Kestrel reads its default certificate here, and says only that it cannot
        {
            throw new SettingException(
                $"Kestrel:Certificates:Default:Path is '{builder.Configuration["Kestrel:Certificates:Default:Path"]}', and with its key and password it is no usable certificate.", e);
        }
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

        if (settings.RetentionMonths is { } months)
        {
            builder.Services.AddHistoryRetention(months);
        }
    }

    private static void AddListeners(this WebApplicationBuilder builder, ServerSettings settings)
    {
        var configured = ServerCertificate.FindConfigured(builder.Configuration);
        var isServed = !ServerCertificate.IsInStore(builder.Configuration); // Kestrel reads the operating system's store by itself
        if (isServed)
        {
            builder.Services.AddSingleton(services => new ServerCertificate(
                configured ?? new CertificateFile(OwnCertificate.PathIn(settings.Directory)),
                isOwn: configured is null,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<ServerCertificate>>()));
        }

        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            if (isServed)
            {
                kestrel.ConfigureHttpsDefaults(kestrel.ApplicationServices.GetRequiredService<ServerCertificate>().Serve);
            }

            kestrel.ListenHttp(settings);
        });
    }
}
