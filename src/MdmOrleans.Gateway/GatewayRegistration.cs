using MdmOrleans.Core.Access;
using MdmOrleans.Gateway.Listeners;
using MdmOrleans.Gateway.Sessions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Gateway;

/// <summary>The role <c>gateway</c>.</summary>
public static class GatewayRegistration
{
    /// <summary>What Kestrel reads ahead for a connection that does not keep up.</summary>
    private const int ReadAhead = 64 * 1024;

    /// <summary>Adds the endpoint to a silo: its ports, its connections, and the service through which twins reach them.</summary>
    /// <remarks>The WebSocket is mapped apart: <see cref="MqttWebSocket.MapMqtt"/>.</remarks>
    public static IServiceCollection AddMqttGateway(this IServiceCollection services) =>
        services.AddMqttSessions().AddGrainService<GatewayService>();

    /// <summary>All of it but the service.</summary>
    internal static IServiceCollection AddMqttSessions(this IServiceCollection services)
    {
        services.AddOptions<MqttOptions>().BindConfiguration("Mqtt").ValidateOnStart();
        services.AddSingleton<IValidateOptions<MqttOptions>, MqttOptionsValidator>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, MqttListening>();
        services.Configure<SocketTransportOptions>(sockets => sockets.MaxReadBufferSize = ReadAhead);
        services.TryAddSingleton(provider => TrustedProxies.Parse(provider.GetRequiredService<IConfiguration>()[TrustedProxies.Setting]));
        services.AddMetrics();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<GatewayInstruments>();
        services.AddSingleton<SessionServices>();
        services.AddHostedService<SessionSweep>();
        return services;
    }
}
