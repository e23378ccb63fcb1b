using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Core;

namespace MdmOrleans.Api.Devices.Import;

/// <summary>One line of an import: what it asks for, or what is wrong with it.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Request">Null where there is a problem.</param>
internal sealed record ImportedDevice(int Line, DeviceRequest? Request, Problem? Problem);
