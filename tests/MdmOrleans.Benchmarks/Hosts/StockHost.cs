using MdmOrleans.Core;
using MdmOrleans.Grains;
using MdmOrleans.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Storage;

namespace MdmOrleans.Benchmarks.Hosts;

/// <summary>The server as it ships, but for where twins are stored.</summary>
internal static class StockHost
{
    public const string Usage = "host-adonet --history yes|no: started by checkins. Takes the configuration of the server.";

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var keepsHistory = arguments.OneOf("history", "yes", "yes", "no") == "yes";
        arguments.RefuseRest();
        await using var app = ServerHost.Build([], configure: builder => UseStockStorage(builder, keepsHistory));
        await ServerHost.StartAsync(app, stopping);
        await app.WaitForShutdownAsync(stopping);
        return 0;
    }

    private static void UseStockStorage(WebApplicationBuilder builder, bool keepsHistory)
    {
        // It only stands in for a grain where there is no silo; to this one it would be a second class of device.
        builder.Services.PostConfigure<GrainTypeOptions>(grains => grains.Classes.Remove(typeof(EchoDevice)));

        // When the container is made, which is after the server has added its own store.
        builder.Host.ConfigureContainer<IServiceCollection>((_, services) => services.Replace(ServiceDescriptor.Singleton<IDeviceStore>(
            provider => new StockDeviceStore(provider.GetRequiredKeyedService<IGrainStorage>(GrainStorageNames.Default), keepsHistory))));
    }
}
