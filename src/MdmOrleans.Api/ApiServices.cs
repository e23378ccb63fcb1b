using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using MdmOrleans.Api.Access;
using MdmOrleans.Api.Audit;
using MdmOrleans.Api.Clocks;
using MdmOrleans.Api.Commands;
using MdmOrleans.Api.Compliance;
using MdmOrleans.Api.Docs;
using MdmOrleans.Api.Health;
using MdmOrleans.Api.History;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Limits;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Telemetry;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Core.Access;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Api;

/// <summary>What the HTTP interface needs from the container.</summary>
public static class ApiServices
{
    /// <summary>What every process needs, whatever its roles: identity, problems, health. Needs the ports of storage and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddMdmHttp(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, HttpJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(1, ContractsJson.Default);
            json.SerializerOptions.Converters.Add(new InstantConverter());
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // '>= 16.5' is to be read; it never lands in HTML
        });
        services.AddExceptionHandler<UnexpectedFailures>();
        services.AddProblemDetails();
        services.AddKeyAuthorization();
        services.AddOptions<RequestLimitsOptions>().BindConfiguration("Limits").ValidateOnStart();
        services.AddSingleton<IValidateOptions<RequestLimitsOptions>, RequestLimitsOptionsValidator>();
        services.AddSingleton<RequestLimits>();
        services.TryAddSingleton(provider => TrustedProxies.Parse(provider.GetRequiredService<IConfiguration>()[TrustedProxies.Setting]));
        services.AddSingleton<IReadinessCheck, StorageCheck>();
        services.AddSingleton<IReadinessCheck, LifetimeCheck>();
        services.AddSingleton<IReadinessCheck, ClockCheck>();
        services.AddSingleton<Readiness>();
        return services;
    }

    /// <summary>What a process with the role <c>api</c> needs besides. After the silo, which must start first.</summary>
    public static IServiceCollection AddMdmApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMdmDocs();
        services.AddSingleton(TrustedProxies.Parse(configuration[TrustedProxies.Setting]));
        services.AddSingleton<AccessInstruments>();
        services.AddSingleton<KeyWatch>();
        services.AddHostedService<FleetGauges>();
        services.AddSingleton<AccessFeeds>();
        services.AddSingleton<AccessStreams>();
        services.AddSingleton<ChainProofs>();
        services.AddSingleton<DeviceHistory>();
        services.AddSingleton<PolicyPreviews>();
        services.AddSingleton<FleetSample>();
        services.AddSingleton<MassEffects>();
        services.AddSingleton<HoldDecisions>();
        services.AddSingleton<TenantWrites>();
        services.AddSingleton<PolicyWrites>();
        services.AddSingleton<Explanations>();
        services.AddSingleton(new AdministratorOptions(configuration["Auth:AdminKey"], configuration["Storage:Directory"] ?? "./data"));
        services.AddSingleton<AdministratorKey>();
        services.AddHostedService(provider => provider.GetRequiredService<AdministratorKey>());
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<AdministratorKey>());
        return services;
    }
}
