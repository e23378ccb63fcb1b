using System.Buffers;
using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace MdmOrleans.Storage.Twins;

/// <summary>A twin as a row holds it: its state in binary, and the blocks beside it.</summary>
/// <remarks>
/// Orleans' own format, by the <c>[Id]</c> of each member: what a row lacks keeps its initial value, what it has too much is
/// skipped, so old rows are never rewritten. JSON of the same twin was 2.6 times as long: it made 800 B more of WAL a write,
/// and rows so wide that PostgreSQL would have compressed them at every update.
/// </remarks>
internal sealed class TwinCodec : IDisposable
{
    /// <summary>The first byte of every state, so that another format can follow one day.</summary>
    private const byte Format = 1;

    // Not the host's: it would no longer make a codec while the host is being disposed, which is when the stores drain.
    private readonly ServiceProvider _services =
        new ServiceCollection().AddSerializer(serializer => serializer.AddAssembly(typeof(Device).Assembly)).BuildServiceProvider();

    private readonly Serializer<Device> _serializer;
    private readonly Serializer<ImmutableArray<DeviceCommand>> _commands;

    public TwinCodec()
    {
        _serializer = _services.GetRequiredService<Serializer<Device>>();
        _commands = _services.GetRequiredService<Serializer<ImmutableArray<DeviceCommand>>>();
    }

    /// <summary>Appends everything but the blocks.</summary>
    public void Write(ArrayBufferWriter<byte> destination, Device device)
    {
        var bare = device with
        {
            Labels = ImmutableSortedDictionary<string, string>.Empty,
            Commands = device.Commands.Finished.IsEmpty ? device.Commands : device.Commands with { Finished = [] },
            Posture = device.Posture is { } posture ? posture with { Apps = default, Attributes = default } : null,
        };
        destination.Write([Format]);
        _serializer.Serialize(bare, destination);
    }

    /// <summary>Appends the block of finished commands.</summary>
    public void WriteFinished(ArrayBufferWriter<byte> destination, ImmutableArray<DeviceCommand> finished)
    {
        destination.Write([Format]);
        _commands.Serialize(finished, destination);
    }

    /// <param name="id">The identity that was asked for: its strings are kept instead of those in the row.</param>
    /// <param name="seen">From the table of last-seen times; null when it has none.</param>
    /// <exception cref="InvalidDataException">Not a state that this build can read.</exception>
    public Device Read(DeviceId id, ReadOnlyMemory<byte> state, byte[]? attributes, byte[]? apps, byte[]? finished, string labels, LastSeen? seen)
    {
        if (!IsKnown(state.Span) || _serializer.Deserialize(state[1..]) is not { } device || (finished is not null && !IsKnown(finished)))
        {
            throw new InvalidDataException($"The row of {id} is in a format that this build does not know.");
        }

        return device with
        {
            Id = id,
            Labels = TwinBlocks.ReadLabels(labels),
            Commands = finished is null ? device.Commands : device.Commands with { Finished = _commands.Deserialize(finished.AsMemory(1)) },
            Posture = device.Posture is { } posture
                ? posture with { Apps = TwinBlocks.Read(apps), Attributes = TwinBlocks.Read(attributes) }
                : null,
            Seen = LastSeen.Later(device.Seen, IsOfThisLife(seen, device) ? seen : null),
        };
    }

    public void Dispose() => _services.Dispose();

    private static bool IsKnown(ReadOnlySpan<byte> block) => block is [Format, ..];

    /// <summary>A touch that was on its way when a device was deleted must not speak for the next one of that name.</summary>
    private static bool IsOfThisLife(LastSeen? seen, Device device) => seen?.SeenAt >= device.CreatedAt;
}
