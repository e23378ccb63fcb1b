using MdmOrleans.Core.Clocks;
using MdmOrleans.Grains.Clocks;

namespace MdmOrleans.Server.Hosting;

/// <summary>The whole process works by one clock, and by one that does not jump.</summary>
internal static class ClockComposition
{
    public static void AddClock(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IBootClock, BootClock>();
        builder.Services.AddSingleton(provider => new GuardedClock(
            TimeProvider.System, provider.GetRequiredService<IBootClock>(), provider.GetRequiredService<ILogger<GuardedClock>>()));
        builder.Services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<GuardedClock>());
        builder.Services.AddSingleton<IClockGuard>(provider => provider.GetRequiredService<GuardedClock>());
        builder.Services.AddSingleton<ClockWatch>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ClockWatch>());
    }
}
