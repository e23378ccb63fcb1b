using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>The process that <see cref="SqliteCrashTests"/> kills.</summary>
internal static class CrashingWriter
{
    public const int Devices = 50;

    /// <summary>Says on its output what was acknowledged, and never ends.</summary>
    public static async Task WriteForeverAsync(string directory)
    {
        var host = StorageHost.Compose(new SqliteDatabase(directory), TimeProvider.System);
        await host.Schema.MigrateAsync(CancellationToken.None);
        var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        await Task.WhenAll(Enumerable.Range(0, Devices).Select(i => Task.Run(async () =>
        {
            var id = DeviceId.Parse($"crash/tablet-{i}");
            var device = await host.Store.FindAsync(id, CancellationToken.None);
            while (true)
            {
                var next = device?.Next() ?? ADevice(id.ToString());
                if (await host.Store.SaveAsync(device, next, [AnEvent(next.Version)], CancellationToken.None) is not SaveOutcome.Saved)
                {
                    throw new InvalidOperationException("Nobody else writes.");
                }

                await output.WriteLineAsync($"{id} {next.Version}");
                device = next;
            }
        })));
    }
}
