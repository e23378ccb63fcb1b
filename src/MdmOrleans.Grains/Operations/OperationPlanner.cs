using System.Collections.Immutable;
using MdmOrleans.Abstractions.Operations;
using MdmOrleans.Core;
using MdmOrleans.Core.Operations;

namespace MdmOrleans.Grains.Operations;

/// <summary>Finds the devices of an operation and has them stand in line, slice by slice. Begun again, it makes the same of the same fleet.</summary>
internal sealed class OperationPlanner(OperationId id, DeviceFilter filter, IDeviceQueries queries, IGrainFactory grains)
{
    private const int PageSize = 5000;
    private const int SlicesAtOnce = 16;

    private readonly List<(ulong Place, string Name)> _line = [];
    private string? _last;
    private int _filled;
    private bool _isRead;

    public int Devices => _line.Count;

    /// <summary>The place of the first device of each slice.</summary>
    public ImmutableArray<ulong> Slices => [.. Enumerable.Range(0, SliceCount).Select(slice => _line[slice * Operation.SliceSize].Place)];

    private int SliceCount => (_line.Count + Operation.SliceSize - 1) / Operation.SliceSize;

    /// <returns>True when all is stored.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        if (!_isRead)
        {
            await ReadAsync(cancellationToken);
            return false;
        }

        var until = Math.Min(_filled + SlicesAtOnce, SliceCount);
        await Task.WhenAll(Enumerable.Range(_filled, until - _filled).Select(slice => FillAsync(slice, cancellationToken)));
        _filled = until;
        return _filled == SliceCount;
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var names = await queries.ListNamesAsync(id.Tenant, filter, _last, PageSize, cancellationToken);
        _line.AddRange(names.Select(name => (WaveRules.PlaceOf(id.Value, name), name)));
        _last = names is [.., var last] ? last : _last;
        _isRead = names.Length < PageSize;
        if (_isRead)
        {
            _line.Sort();
        }
    }

    private Task FillAsync(int slice, CancellationToken cancellationToken) => grains.GetGrain<IOperationSlice>(id.Slice(slice)).FillAsync(
        [.. _line.Skip(slice * Operation.SliceSize).Take(Operation.SliceSize).Select(device => device.Name)], cancellationToken);
}
